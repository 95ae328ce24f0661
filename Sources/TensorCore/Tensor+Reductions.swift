import Kernels

extension Tensor {
  /// The sum of all numbers, shape [].
  public func sum() -> Tensor {
    let count = count
    return Tensor(Storage([Kernels.sum(storage)]), shape: [], inputs: [self]) { gradient in
      [Storage(repeating: gradient.first, count: count)]
    }
  }

  /// The mean of all numbers, shape [].
  public func mean() -> Tensor { sum() * (1 / Float(count)) }

  /// The dot product of each row with the same row of `other`: (N, D) and (N, D) to (N).
  public func rowDot(_ other: Tensor) -> Tensor {
    precondition(
      shape == other.shape && shape.count == 2,
      "row dots of shapes \(shape) and \(other.shape), not (N, D) both")
    let (x, y, width) = (storage, other.storage, width)
    let (needsX, needsY) = (isVariable, other.isVariable)
    return Tensor(Kernels.rowDots(x, y, width: width), shape: [shape[0]], inputs: [self, other]) { gradient in
      [
        needsX ? Kernels.scaleRows(y, by: gradient) : nil,
        needsY ? Kernels.scaleRows(x, by: gradient) : nil,
      ]
    }
  }
}
