import Kernels

extension Tensor {
  /// The sum over some axes, which the result lacks, or has with length 1 where `keepingAxes`.
  public func sum(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    let runs = runs(of: axes)
    var (result, rest) = (storage, shape)
    for run in runs.reversed() {
      result = Kernels.sumAxis(result, Axis(run, of: rest))
      for axis in run { rest[axis] = 1 }
    }
    let (whole, kept) = (shape, rest)
    return Tensor(result, shape: reduced(axes, keepingAxes), inputs: [self]) { gradient in
      [Kernels.repeatArray(gradient, kept, to: whole)]
    }
  }

  /// The mean over some axes.
  public func mean(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    let count = axes.reduce(1) { $0 * shape[$1] }
    return sum(axes: axes, keepingAxes: keepingAxes) * (1 / Float(count))
  }

  /// The largest number over some axes; the gradient goes to the first of equals.
  public func max(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    let runs = runs(of: axes)
    let (input, axis) = runs.count == 1 ? (self, Axis(runs[0], of: shape)) : asRows(axes)
    let (values, places) = Kernels.maxAxis(input.storage, axis)
    return Tensor(values, shape: reduced(axes, keepingAxes), inputs: [input]) { gradient in
      [Kernels.maxAxisPullback(gradient, places: places, axis)]
    }
  }

  /// log(Σ eˣ) over some axes, without overflow.
  public func logSumExp(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    let (rows, axis) = asRows(axes)
    let width = axis.length
    let (probabilities, sums) = Kernels.softmaxRows(rows.storage, width: width, scale: 1)
    return Tensor(sums, shape: reduced(axes, keepingAxes), inputs: [rows]) { gradient in
      [Kernels.scaleRows(probabilities, by: gradient)]
    }
  }

  /// Each number minus the mean and divided by the deviation along one axis, √(variance + epsilon). The variance is
  /// divided by the count, or by one less where `unbiased`.
  public func standardized(axis: Int, epsilon: Float = 1e-6, unbiased: Bool = false) -> Tensor {
    requireAxis(axis)
    let order = shape.indices.filter { $0 != axis } + [axis]
    let rows = permuted(order)
    let width = shape[axis]
    let (values, inverse) = Kernels.standardizeRows(
      rows.storage, width: width, epsilon: epsilon, unbiased: unbiased)
    let result = Tensor(values, shape: rows.shape, inputs: [rows]) { gradient in
      [Kernels.standardizeRowsPullback(values, inverse: inverse, gradient, width: width, unbiased: unbiased)]
    }
    return result.permuted(shape.indices.map { $0 < axis ? $0 : $0 == axis ? shape.count - 1 : $0 - 1 })
  }

  /// Neighbouring ones of these axes together, in order.
  private func runs(of axes: [Int]) -> [Range<Int>] {
    precondition(
      Set(axes).count == axes.count && axes.allSatisfy(shape.indices.contains),
      "axes \(axes) of a tensor of shape \(shape)")
    var runs: [Range<Int>] = []
    for axis in axes.sorted() {
      if let last = runs.last, last.upperBound == axis {
        runs[runs.count - 1] = last.lowerBound..<axis + 1
      } else {
        runs.append(axis..<axis + 1)
      }
    }
    return runs
  }

  /// The shape without these axes, or with length 1 there.
  private func reduced(_ axes: [Int], _ keepingAxes: Bool) -> [Int] {
    keepingAxes
      ? shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
      : shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
  }

  /// This tensor with these axes together behind all others.
  private func asRows(_ axes: [Int]) -> (Tensor, Axis) {
    _ = runs(of: axes)
    let others = shape.indices.filter { !axes.contains($0) }
    let rows = permuted(others + axes.sorted())
    return (rows, Axis(others.count..<shape.count, of: rows.shape))
  }
}
