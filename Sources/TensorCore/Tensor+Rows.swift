import Kernels

extension Tensor {
  /// Each row, along the last axis, divided by its length, or by `epsilon` where it is shorter.
  public func normalizedRows(epsilon: Float = 1e-12) -> Tensor {
    let width = width
    let (rows, lengths) = Kernels.normalizeRows(storage, width: width, epsilon: epsilon)
    return Tensor(rows, shape: shape, inputs: [self]) { gradient in
      [Kernels.normalizeRowsPullback(rows, lengths: lengths, gradient, width: width, epsilon: epsilon)]
    }
  }

  /// The last frame of each sequence: (N, T, C) to (N, C).
  public func lastStep() -> Tensor {
    precondition(shape.count == 3 && shape[1] > 0, "a last step of shape \(shape), not (N, T, C)")
    let (sequences, steps) = (shape[0], shape[1])
    let frames = reshaped([sequences * steps, shape[2]])
    return frames.rows((0..<sequences).map { $0 * steps + steps - 1 })
  }

  /// The entries of the first axis with these numbers, in this order; one may appear more than once.
  public func rows(_ indices: [Int]) -> Tensor {
    precondition(!shape.isEmpty, "a tensor of one number has no rows")
    let (count, width) = (shape[0], shape.dropFirst().reduce(1, *))
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < count }, "rows \(indices) of a tensor of shape \(shape)")
    return Tensor(
      Kernels.gatherRows(storage, width: width, indices), shape: [indices.count] + shape.dropFirst(),
      inputs: [self]
    ) { gradient in
      [Kernels.scatterRows(gradient, width: width, indices, rows: count)]
    }
  }

  /// The entries of the first axis with those from number `first` on replaced by others, going on from the start after
  /// the last. A constant, as both have to be.
  public func replacingRows(from first: Int, with other: Tensor) -> Tensor {
    precondition(
      !shape.isEmpty && shape.dropFirst() == other.shape.dropFirst() && other.shape[0] <= shape[0]
        && (0..<shape[0]).contains(first),
      "rows from \(first) on of shape \(shape) replaced by shape \(other.shape)")
    precondition(!isVariable && !other.isVariable, "no gradient flows through replaced rows: detach them")
    let width = shape.dropFirst().reduce(1, *)
    return Tensor(
      Kernels.replaceRows(storage, from: first, with: other.storage, width: width), shape: shape)
  }
}
