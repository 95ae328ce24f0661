import Kernels
import Skeleton
import TensorCore

/// y = (x - mean) / √(variance + 1e-5) weight + bias, for each of the last axis' features.
///
/// In training, mean and (biased) variance are the batch's, over all leading axes, and the running statistics
/// move a tenth of the way to it, the variance to the unbiased one; else they are the running statistics. As
/// PyTorch.
public struct BatchNorm1d {
  static let epsilon: Float = 1e-5
  static let momentum: Float = 0.1

  /// (C)
  public let weight: Parameter
  /// (C)
  public let bias: Parameter
  /// (C)
  public let runningMean: Parameter
  /// (C)
  public let runningVariance: Parameter
  /// []
  public let batchesTracked: Parameter

  /// A layer for `features` features; parameters `weight`, ones or as given, and `bias`, zeros, buffers `running_mean`,
  /// `running_var` and `num_batches_tracked`.
  public init(
    _ scope: Scope, features: Int, weight start: (inout KeyedRandom, [Int]) -> [Float] = constant(1)
  ) {
    weight = scope.parameter("weight", shape: [features], initialise: start)
    bias = scope.parameter("bias", shape: [features], initialise: constant(0))
    runningMean = scope.buffer("running_mean", shape: [features], value: 0)
    runningVariance = scope.buffer("running_var", shape: [features], value: 1)
    batchesTracked = scope.buffer("num_batches_tracked", shape: [], value: 0, number: .whole)
  }

  /// (…, C) to (…, C); training uses and tracks the batch's statistics.
  ///
  /// - Parameter offset: C numbers that were added to every row of `x` and that the running mean leaves out; for what
  ///   is added in training only.
  public func callAsFunction(_ x: Tensor, training: Bool, offset: Tensor? = nil) -> Tensor {
    let features = weight.value.count
    precondition(
      x.shape.last == features, "batch norm of \(features) features for a tensor of shape \(x.shape)")
    let (w, b) = (weight.value, bias.value)
    let (mean, variance) =
      training ? batchMoments(x, offset) : (runningMean.value.storage, runningVariance.value.storage)
    let inverse = Kernels.inverseDeviation(variance, epsilon: BatchNorm1d.epsilon)
    let y = Kernels.normalizeColumns(
      x.storage, mean: mean, inverse: inverse, weight: w.storage, bias: b.storage)
    let (input, scale, needsInput) = (x.storage, w.storage, x.isVariable)
    return Tensor(y, shape: x.shape, inputs: [x, w, b]) { gradient in
      let sums = Kernels.columnSums(gradient, width: features)
      let products = Kernels.normalizedProductSums(input, mean: mean, inverse: inverse, gradient)
      guard needsInput else { return [nil, products, sums] }
      let toInput =
        training
        ? Kernels.batchNormPullback(
          input, mean: mean, inverse: inverse, weight: scale, gradientSums: sums, productSums: products,
          gradient)
        : Kernels.multiply(gradient, Kernels.multiply(inverse, scale))
      return [toInput, products, sums]
    }
  }

  /// (…, C) to (…, C); the batch's statistics are used and tracked where the pass says so.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    self(x, training: pass.usesBatchStatistics)
  }

  /// The batch's mean and biased variance, after moving the running statistics towards them.
  private func batchMoments(_ x: Tensor, _ offset: Tensor?) -> (mean: Storage, variance: Storage) {
    let rows = x.count / weight.value.count
    precondition(rows > 1, "a batch of shape \(x.shape) has one row, from which no variance can be told")
    let (mean, variance) = Kernels.batchMoments(x.storage, width: weight.value.count)
    let unbiased = Kernels.scale(variance, by: Float(rows) / Float(rows - 1))
    move(runningMean, towards: offset.map { Kernels.subtract(mean, $0.storage) } ?? mean)
    move(runningVariance, towards: unbiased)
    batchesTracked.value = batchesTracked.value + Tensor(scalar: 1)
    return (mean, variance)
  }

  private func move(_ running: Parameter, towards statistic: Storage) {
    let moved = Kernels.interpolate(
      running.value.storage, towards: statistic, momentum: 1 - BatchNorm1d.momentum)
    running.value = Tensor(moved, shape: running.value.shape)
  }
}
