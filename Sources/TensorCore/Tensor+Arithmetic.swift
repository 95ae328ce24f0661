import Kernels

// Either side may be repeated over any axis of length 1, or that it lacks in front: (N, T, C) + (C), (N, 1, C) + (T, 1).
// Its gradient is then the sum over those axes. What most sums are, a right side repeated over leading axes, has loops
// of its own.

extension Tensor {
  /// a + b, either repeated over axes that it lacks.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let (x, y, left, right) = (a.storage, b.storage, a.shape, b.shape)
    let shape = a.shape(with: b, "+")
    let (needsA, needsB) = (a.isVariable, b.isVariable)
    let sum = right.isEnd(of: left) ? Kernels.add(x, y) : Kernels.add(x, left, y, right)
    return Tensor(sum, shape: shape, inputs: [a, b]) { gradient in
      [needsA ? sumTo(left, gradient, shape) : nil, needsB ? sumTo(right, gradient, shape) : nil]
    }
  }

  /// a - b, either repeated over axes that it lacks.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let (x, y, left, right) = (a.storage, b.storage, a.shape, b.shape)
    let shape = a.shape(with: b, "-")
    let (needsA, needsB) = (a.isVariable, b.isVariable)
    let difference = right.isEnd(of: left) ? Kernels.subtract(x, y) : Kernels.subtract(x, left, y, right)
    return Tensor(difference, shape: shape, inputs: [a, b]) { gradient in
      [
        needsA ? sumTo(left, gradient, shape) : nil,
        needsB ? Kernels.scale(sumTo(right, gradient, shape), by: -1) : nil,
      ]
    }
  }

  /// a b, element by element, either repeated over axes that it lacks.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (x, y, left, right) = (a.storage, b.storage, a.shape, b.shape)
    let shape = a.shape(with: b, "*")
    let (needsA, needsB) = (a.isVariable, b.isVariable)
    let product = right.isEnd(of: left) ? Kernels.multiply(x, y) : Kernels.multiply(x, left, y, right)
    return Tensor(product, shape: shape, inputs: [a, b]) { gradient in
      func times(_ other: Storage, _ otherShape: [Int]) -> Storage {
        otherShape.isEnd(of: shape)
          ? Kernels.multiply(gradient, other) : Kernels.multiply(gradient, shape, other, otherShape)
      }
      return [
        needsA ? sumTo(left, times(y, right), shape) : nil,
        needsB ? sumTo(right, times(x, left), shape) : nil,
      ]
    }
  }

  /// a / b, element by element, either repeated over axes that it lacks.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let (x, y, left, right) = (a.storage, b.storage, a.shape, b.shape)
    let shape = a.shape(with: b, "/")
    let (needsA, needsB) = (a.isVariable, b.isVariable)
    let quotient = Kernels.divide(x, left, y, right)
    return Tensor(quotient, shape: shape, inputs: [a, b]) { gradient in
      let share = Kernels.divide(gradient, shape, y, right)  // g / b
      return [
        needsA ? sumTo(left, share, shape) : nil,
        needsB ? Kernels.scale(sumTo(right, Kernels.multiply(share, quotient), shape), by: -1) : nil,
      ]
    }
  }

  /// The tensor repeated to a shape: over axes of length 1 and axes in front that it lacks.
  public func repeated(to shape: [Int]) -> Tensor {
    let own = self.shape
    precondition(
      Kernels.repeatedShape(own, shape) == shape, "a tensor of shape \(own) cannot be repeated to \(shape)")
    return Tensor(Kernels.repeatArray(storage, own, to: shape), shape: shape, inputs: [self]) { gradient in
      [sumTo(own, gradient, shape)]
    }
  }

  /// a times a number.
  public static func * (a: Tensor, factor: Float) -> Tensor {
    Tensor(Kernels.scale(a.storage, by: factor), shape: a.shape, inputs: [a]) { gradient in
      [Kernels.scale(gradient, by: factor)]
    }
  }

  /// max(x, 0), with gradient 0 at 0.
  public func relu() -> Tensor {
    let y = Kernels.relu(storage)
    return Tensor(y, shape: shape, inputs: [self]) { gradient in
      [Kernels.reluPullback(y, gradient)]
    }
  }

  /// self (1 - mask) + other mask: this tensor where the mask hides, the other where it shows.
  ///
  /// `other` and `mask` are constants shaped like this tensor; the mask is 1 where visible.
  public func blend(into other: Tensor, mask: Tensor) -> Tensor {
    precondition(
      shape == other.shape && shape == mask.shape,
      "a blend of shape \(shape) into \(other.shape) by a mask of \(mask.shape)")
    precondition(
      !other.isVariable && !mask.isVariable, "the visible side of a blend and its mask are constants")
    let visible = mask.storage
    return Tensor(
      Kernels.blend(storage, other.storage, mask: visible), shape: shape, inputs: [self]
    ) { gradient in
      [Kernels.hidden(gradient, mask: visible)]
    }
  }

  /// The shape of this tensor and another, each repeated over axes that it lacks.
  private func shape(with other: Tensor, _ operation: String) -> [Int] {
    guard let shape = Kernels.repeatedShape(shape, other.shape) else {
      preconditionFailure(
        "shapes \(self.shape) \(operation) \(other.shape): an axis has two lengths, and neither is 1")
    }
    return shape
  }
}

extension [Int] {
  /// Whether an array of this shape, repeated over leading axes alone, has the other shape.
  fileprivate func isEnd(of other: [Int]) -> Bool {
    let trailing = drop { $0 == 1 }
    return count <= other.count && other.suffix(trailing.count).elementsEqual(trailing)
  }
}

/// The sum over what an array of shape `shape` was repeated for to have the shape `repeated`.
private func sumTo(_ shape: [Int], _ gradient: Storage, _ repeated: [Int]) -> Storage {
  let width = shape.reduce(1, *)
  if gradient.count == width { return gradient }
  return shape.isEnd(of: repeated)
    ? Kernels.columnSums(gradient, width: width) : Kernels.sumRepeated(gradient, repeated, to: shape)
}
