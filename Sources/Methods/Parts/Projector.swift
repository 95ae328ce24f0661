import NN
import TensorCore

/// Features into the unit sphere on which views are compared: linear, ReLU, linear, length 1.
public struct Projector {
  /// What the layers start from.
  public enum Start: Sendable {
    /// Only the last layer from Xavier's distribution, as in PCM3's released code, whose initialiser runs while the
    /// projector is still that one layer.
    case lastXavier
    /// Weights N(0, 0.02²) and biases 0, as in CrosSCLR's released code.
    case smallNormal
    /// PyTorch's defaults.
    case pytorch
  }

  private let hidden: Linear
  private let output: Linear

  /// A projector whose parameters are `fc.0.*` and `fc.2.*` below `scope`.
  public init(_ scope: Scope, features: Int, size: Int, start: Start = .lastXavier) {
    let isSmall = start == .smallNormal
    hidden = Linear(
      scope / "fc" / "0", from: features, to: features, weights: isSmall ? .smallNormal : .pytorch,
      zeroBias: isSmall)
    output = Linear(
      scope / "fc" / "2", from: features, to: size,
      weights: isSmall ? .smallNormal : start == .pytorch ? .pytorch : .xavierUniform,
      zeroBias: isSmall)
  }

  /// (N, features) to (N, size), every row of length 1.
  public func callAsFunction(_ x: Tensor) -> Tensor { output(hidden(x).relu()).normalizedRows() }
}
