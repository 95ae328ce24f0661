import Kernels

extension Tensor {
  /// The axes in another order: axis i of the result is axis order[i] of this tensor.
  public func permuted(_ order: [Int]) -> Tensor {
    precondition(order.sorted() == Array(shape.indices), "axes \(order) of a tensor of shape \(shape)")
    if order == Array(shape.indices) { return self }
    let permutedShape = order.map { shape[$0] }
    var inverse = order
    for (to, from) in order.enumerated() { inverse[from] = to }
    return Tensor(
      Kernels.permute(storage, shape: shape, order: order), shape: permutedShape, inputs: [self]
    ) { [inverse] gradient in
      [Kernels.permute(gradient, shape: permutedShape, order: inverse)]
    }
  }

  /// Some entries of one axis, every `step`-th of a range.
  public func sliced(axis: Int, _ range: Range<Int>, step: Int = 1) -> Tensor {
    requireAxis(axis)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis] && step > 0,
      "entries \(range), \(step) apart, of axis \(axis) of shape \(shape)")
    let count = (range.count + step - 1) / step
    let (whole, first) = (Axis(axis, of: shape), range.lowerBound)
    return Tensor(
      Kernels.sliceAxis(storage, whole, first: first, count: count, step: step),
      shape: shape.replacing(axis, count), inputs: [self]
    ) { gradient in
      [Kernels.padAxis(gradient, whole, first: first, count: count, step: step)]
    }
  }

  /// Tensors that differ in one axis alone, one after the other along it.
  public static func concatenated(_ parts: [Tensor], axis: Int) -> Tensor {
    guard let first = parts.first else { preconditionFailure("nothing to concatenate") }
    first.requireAxis(axis)
    let lengths = parts.map { part in
      precondition(
        part.shape.count == first.shape.count
          && part.shape.replacing(axis, 0) == first.shape.replacing(axis, 0),
        "shapes \(parts.map(\.shape)) side by side along axis \(axis)")
      return part.shape[axis]
    }
    let shape = first.shape.replacing(axis, lengths.reduce(0, +))
    let whole = Axis(axis, of: shape)
    let needs = parts.map(\.isVariable)
    let result = Kernels.concatenateAxis(
      zip(parts, lengths).map { ($0.storage, length: $1) }, outer: whole.outer, width: whole.width)
    return Tensor(result, shape: shape, inputs: parts) { gradient in
      var start = 0
      return zip(lengths, needs).map { length, needs in
        defer { start += length }
        return needs ? Kernels.sliceAxis(gradient, whole, first: start, count: length) : nil
      }
    }
  }

  /// Zeros before and after the entries of one axis.
  public func padded(axis: Int, before: Int, after: Int) -> Tensor {
    requireAxis(axis)
    precondition(before >= 0 && after >= 0, "\(before) and \(after) zeros around axis \(axis)")
    let count = shape[axis]
    let paddedShape = shape.replacing(axis, before + count + after)
    let whole = Axis(axis, of: paddedShape)
    return Tensor(
      Kernels.padAxis(storage, whole, first: before, count: count), shape: paddedShape, inputs: [self]
    ) { gradient in
      [Kernels.sliceAxis(gradient, whole, first: before, count: count)]
    }
  }

  /// The entries of one axis mirrored beyond both ends, the ends not repeated: a b c with two on each side is
  /// c b a b c b a.
  public func reflected(axis: Int, before: Int, after: Int) -> Tensor {
    requireAxis(axis)
    let last = shape[axis] - 1
    precondition(
      last >= 0 && (0...last).contains(before) && (0...last).contains(after),
      "\(before) and \(after) mirrored entries of axis \(axis) of shape \(shape)")
    let head = (0..<before).map { before - $0 }
    return gathered(axis: axis, head + Array(0...last) + (0..<after).map { last - 1 - $0 })
  }

  /// The entries of one axis with these numbers, in this order; one may appear more than once, and its gradients add up.
  public func gathered(axis: Int, _ indices: [Int]) -> Tensor {
    requireAxis(axis)
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < shape[axis] },
      "entries \(indices) of axis \(axis) of shape \(shape)")
    let whole = Axis(axis, of: shape)
    return Tensor(
      Kernels.gatherAxis(storage, whole, indices), shape: shape.replacing(axis, indices.count), inputs: [self]
    ) { gradient in
      [Kernels.scatterAxis(gradient, whole, indices)]
    }
  }

  /// Entry i of one axis added to entry indices[i] of an axis of `count` entries, the others being 0.
  public func scattered(axis: Int, _ indices: [Int], count: Int) -> Tensor {
    requireAxis(axis)
    precondition(
      indices.count == shape[axis] && indices.allSatisfy { $0 >= 0 && $0 < count },
      "entries \(indices) of \(count) for axis \(axis) of shape \(shape)")
    let scatteredShape = shape.replacing(axis, count)
    let whole = Axis(axis, of: scatteredShape)
    return Tensor(Kernels.scatterAxis(storage, whole, indices), shape: scatteredShape, inputs: [self]) {
      gradient in
      [Kernels.gatherAxis(gradient, whole, indices)]
    }
  }

  func requireAxis(_ axis: Int) {
    precondition(shape.indices.contains(axis), "axis \(axis) of a tensor of shape \(shape)")
  }
}

extension [Int] {
  /// The shape with another length for one axis.
  func replacing(_ axis: Int, _ length: Int) -> [Int] {
    var shape = self
    shape[axis] = length
    return shape
  }
}
