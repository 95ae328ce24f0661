import Kernels
import Synchronization

private let created = Atomic<Int>(0)

/// A step on the way from the variables to a loss: a variable, or an operation with at least one variable
/// input.
final class Node: Sendable {
  /// Grows with creation. What an operation is made of exists before it, so going down the numbers meets
  /// every result before its inputs.
  let number = created.add(1, ordering: .relaxed).newValue
  /// The shape of a variable; nil for an operation, whose gradient is let go before anybody asks for its
  /// shape.
  let shape: [Int]?
  /// The inputs' nodes, nil for constants; none for a variable.
  let inputs: [Node?]
  /// From the gradient of the result to that of each input; nil for a variable.
  let pullback: (@Sendable (Storage) -> [Storage?])?

  /// A variable.
  init(shape: [Int]) {
    self.shape = shape
    inputs = []
    pullback = nil
  }

  /// An operation.
  init(inputs: [Node?], pullback: @escaping @Sendable (Storage) -> [Storage?]) {
    shape = nil
    self.inputs = inputs
    self.pullback = pullback
  }
}
