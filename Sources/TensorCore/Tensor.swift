import Kernels

/// An array of float32 numbers that does not change, row-major, and that remembers how it was made where
/// gradients are wanted.
///
/// Axes are named N (sequences), M (persons), T (frames), V (joints), C (channels, features), and lie in the
/// order that each function's comment gives. A shape of no axes is one number.
public struct Tensor: Sendable {
  /// The length of each axis.
  public let shape: [Int]
  /// The numbers, the last axis closest together.
  package let storage: Storage
  /// How it was made; nil where no gradient flows to it.
  let node: Node?

  init(_ storage: Storage, shape: [Int], node: Node?) {
    precondition(
      storage.count == shape.reduce(1, *), "\(storage.count) numbers do not fill a tensor of shape \(shape)")
    (self.storage, self.shape, self.node) = (storage, shape, node)
  }

  /// A constant of these numbers.
  package init(_ storage: Storage, shape: [Int]) {
    self.init(storage, shape: shape, node: nil)
  }

  /// The result of an operation.
  ///
  /// - Parameters:
  ///   - inputs: what it was made of. When none of them is a variable, nothing is remembered.
  ///   - pullback: from the gradient of the result, shaped like it, to that of each input, shaped like the
  ///     input; nil for an input that is not a variable.
  package init(
    _ storage: Storage, shape: [Int], inputs: [Tensor], pullback: @escaping @Sendable (Storage) -> [Storage?]
  ) {
    let node =
      inputs.contains(where: \.isVariable) ? Node(inputs: inputs.map(\.node), pullback: pullback) : nil
    self.init(storage, shape: shape, node: node)
  }

  /// A constant of these numbers.
  public init(_ values: [Float], shape: [Int]) {
    self.init(Storage(values), shape: shape)
  }

  /// A constant of one number, shape [].
  public init(scalar: Float) {
    self.init([scalar], shape: [])
  }

  /// A constant of zeros.
  public static func zeros(_ shape: [Int]) -> Tensor {
    Tensor(Storage(repeating: 0, count: shape.reduce(1, *)), shape: shape)
  }

  /// How many numbers it holds.
  public var count: Int { storage.count }

  /// A copy of the numbers, the last axis closest together.
  public var values: [Float] { storage.values }

  /// The number of a tensor that holds one.
  public var scalar: Float {
    precondition(count == 1, "a tensor of shape \(shape) is not one number")
    return storage.first
  }

  /// Whether gradients flow to it: it is a variable, or was made from one.
  public var isVariable: Bool { node != nil }

  /// The same numbers as a new variable, whose gradient `gradients(of:)` keeps.
  public func asVariable() -> Tensor { Tensor(storage, shape: shape, node: Node(shape: shape)) }

  /// The same numbers as a constant: no gradient flows back from here.
  public func detached() -> Tensor { Tensor(storage, shape: shape) }

  /// The same numbers in another shape of the same count.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(
      shape.reduce(1, *) == count, "a tensor of shape \(self.shape) cannot take the shape \(shape)")
    return Tensor(storage, shape: shape, inputs: [self]) { [$0] }
  }

  /// The length of the last axis.
  package var width: Int {
    guard let last = shape.last else { preconditionFailure("a tensor of one number has no last axis") }
    return last
  }
}
