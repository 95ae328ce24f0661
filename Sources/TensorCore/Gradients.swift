import Kernels

/// The gradients of one number with respect to variables. Nothing is stored on the variables themselves.
public struct Gradients: Sendable {
  private var gradients: [Int: Tensor] = [:]

  /// No gradients.
  public init() {}

  /// The gradient of a variable, shaped like it; nil where the loss does not depend on it.
  public subscript(variable: Tensor) -> Tensor? {
    guard let number = variable.node?.number else { return nil }
    return gradients[number]
  }

  /// Adds other gradients to these, as for a loss that is the sum of both losses.
  public mutating func accumulate(_ other: Gradients) {
    for (number, gradient) in other.gradients {
      add(gradient.storage, shape: gradient.shape, number: number)
    }
  }

  mutating func add(_ gradient: Storage, shape: [Int], number: Int) {
    guard var sum = gradients.removeValue(forKey: number)?.storage else {
      gradients[number] = Tensor(gradient, shape: shape)
      return
    }
    TensorCore.add(gradient, to: &sum)
    gradients[number] = Tensor(sum, shape: shape)
  }
}

/// sum += term, in place when nobody else holds the sum's storage.
private func add(_ term: Storage, to sum: inout Storage) {
  if isKnownUniquelyReferenced(&sum) {
    addInPlace(sum, term)
  } else {
    sum = Kernels.add(sum, term)
  }
}

/// The gradients of a loss, one number, with respect to all variables that it was made from.
public func gradients(of loss: Tensor) -> Gradients {
  precondition(loss.count == 1, "a loss is one number, not a tensor of shape \(loss.shape)")
  return gradients(of: loss, seed: Tensor([1], shape: loss.shape))
}

/// The gradients of sum(output * seed), where `seed` is shaped like `output`.
///
/// Each node's gradient is complete when its number's turn comes, is pulled back to its inputs and let go.
public func gradients(of output: Tensor, seed: Tensor) -> Gradients {
  precondition(
    output.shape == seed.shape, "a seed of shape \(seed.shape) for an output of shape \(output.shape)")
  var result = Gradients()
  guard let last = output.node else { return result }
  var pending = [last.number: seed.storage]
  for node in reachable(from: last) {
    guard let gradient = pending.removeValue(forKey: node.number) else { continue }
    if let shape = node.shape { result.add(gradient, shape: shape, number: node.number) }
    guard let pullback = node.pullback else { continue }
    for (input, part) in zip(node.inputs, pullback(gradient)) {
      guard let input, let part else { continue }
      if var sum = pending.removeValue(forKey: input.number) {
        add(part, to: &sum)
        pending[input.number] = sum
      } else {
        pending[input.number] = part
      }
    }
  }
  return result
}

/// A node and all that it was made from, highest number first.
private func reachable(from last: Node) -> [Node] {
  var found = [last.number: last]
  var next = [last]
  while let node = next.popLast() {
    for case .some(let input) in node.inputs where found[input.number] == nil {
      found[input.number] = input
      next.append(input)
    }
  }
  return found.values.sorted { $0.number > $1.number }
}
