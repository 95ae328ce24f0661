import TensorCore

/// y = x Wᵀ + b over the last axis: (…, inputs) to (…, outputs).
public struct Linear {
  /// (outputs, inputs)
  public let weight: Parameter
  /// (outputs)
  public let bias: Parameter

  /// A layer from `inputs` to `outputs` features; parameters `weight` and `bias`, which starts at 0 where `zeroBias` is
  /// set.
  public init(
    _ scope: Scope, from inputs: Int, to outputs: Int, weights: Initialisation = .pytorch,
    zeroBias: Bool = false
  ) {
    let bound = 1 / Float(inputs).squareRoot()
    weight = scope.parameter("weight", shape: [outputs, inputs], initialise: weights.weight(bound: bound))
    bias = scope.parameter("bias", shape: [outputs], initialise: zeroBias ? constant(0) : uniform(bound))
  }

  /// (…, inputs) to (…, outputs).
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.matmul(weight.value, transposed: true) + bias.value
  }
}
