import TensorCore

/// x where it is positive, else a slope that is learned times x. As PyTorch's layer of one slope.
///
/// Source: He et al., "Delving deep into rectifiers", 2015, equation 1.
public struct PReLU {
  /// (1)
  public let weight: Parameter

  /// A layer whose slope, parameter `weight`, starts at ¼.
  public init(_ scope: Scope) {
    weight = scope.parameter("weight", shape: [1], initialise: constant(0.25))
  }

  /// Of any shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let slope = weight.value
    return x.relu() * (Tensor(scalar: 1) - slope) + x * slope
  }
}
