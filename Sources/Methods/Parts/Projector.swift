import NN
import TensorCore

/// Features into the unit sphere on which views are compared: linear, ReLU, linear, length 1.
///
/// Only the last layer starts from Xavier's distribution, as in the released code, whose initialiser runs while the
/// projector is still that one layer.
public struct Projector {
  private let hidden: Linear
  private let output: Linear

  /// A projector whose parameters are `fc.0.*` and `fc.2.*` below `scope`.
  public init(_ scope: Scope, features: Int, size: Int) {
    hidden = Linear(scope / "fc" / "0", from: features, to: features)
    output = Linear(scope / "fc" / "2", from: features, to: size, weights: .xavierUniform)
  }

  /// (N, features) to (N, size), every row of length 1.
  public func callAsFunction(_ x: Tensor) -> Tensor { output(hidden(x).relu()).normalizedRows() }
}
