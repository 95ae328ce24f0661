import TensorCore

/// Each row, along the last axis, minus its mean and divided by its deviation, times `weight` plus `bias`. As PyTorch.
public struct LayerNorm {
  /// (C)
  public let weight: Parameter
  /// (C)
  public let bias: Parameter
  private let epsilon: Float

  /// A layer for `features` features; parameters `weight`, ones, and `bias`, zeros.
  public init(_ scope: Scope, features: Int, epsilon: Float = 1e-5) {
    weight = scope.parameter("weight", shape: [features], initialise: constant(1))
    bias = scope.parameter("bias", shape: [features], initialise: constant(0))
    self.epsilon = epsilon
  }

  /// (…, C) to (…, C).
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.layerNormalized(weight: weight.value, bias: bias.value, epsilon: epsilon)
  }
}
