import Kernels

// The right side may be repeated over leading axes: (N, T, C) + (C), or (N, T, C) + (1, 1, C). Its gradient
// is then the sum over those axes.

extension Tensor {
  /// a + b, b repeated over leading axes.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    a.requireRepeatable(b, "+")
    let width = b.count
    let (needsA, needsB) = (a.isVariable, b.isVariable)
    return Tensor(Kernels.add(a.storage, b.storage), shape: a.shape, inputs: [a, b]) { gradient in
      [needsA ? gradient : nil, needsB ? sumLeading(gradient, width: width) : nil]
    }
  }

  /// a - b, b repeated over leading axes.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    a.requireRepeatable(b, "-")
    let width = b.count
    let (needsA, needsB) = (a.isVariable, b.isVariable)
    return Tensor(Kernels.subtract(a.storage, b.storage), shape: a.shape, inputs: [a, b]) { gradient in
      [
        needsA ? gradient : nil,
        needsB ? Kernels.scale(sumLeading(gradient, width: width), by: -1) : nil,
      ]
    }
  }

  /// a b, element by element, b repeated over leading axes.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    a.requireRepeatable(b, "*")
    let (x, y) = (a.storage, b.storage)
    let (needsA, needsB) = (a.isVariable, b.isVariable)
    return Tensor(Kernels.multiply(x, y), shape: a.shape, inputs: [a, b]) { gradient in
      [
        needsA ? Kernels.multiply(gradient, y) : nil,
        needsB ? sumLeading(Kernels.multiply(gradient, x), width: y.count) : nil,
      ]
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

  private func requireRepeatable(_ other: Tensor, _ operation: String) {
    let trailing = Array(other.shape.drop { $0 == 1 })
    precondition(
      other.shape.count <= shape.count && shape.suffix(trailing.count).elementsEqual(trailing),
      "shapes \(shape) \(operation) \(other.shape): the right side is not the end of the left")
  }
}

/// The sum over what a right side of `width` numbers was repeated for.
private func sumLeading(_ gradient: Storage, width: Int) -> Storage {
  gradient.count == width ? gradient : Kernels.columnSums(gradient, width: width)
}
