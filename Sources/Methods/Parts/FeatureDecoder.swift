import NN
import TensorCore

/// Sequences written down from nothing but their feature, which every frame reads: a GRU of one layer and a linear layer.
///
/// Source: "Predict & Cluster" (Su, Liu and Shlizerman, CVPR 2020). All matrices start from Xavier's distribution, as in
/// both released programs.
public struct FeatureDecoder {
  private let gru: GRU
  private let output: Linear

  /// A decoder whose parameters are `decoder.*` and `reconstruction.*` below `scope`.
  public init(_ scope: Scope, features: Int, hidden: Int, output size: Int) {
    gru = GRU(
      scope / "decoder", input: features, hidden: hidden, layers: 1, mode: .forward, weights: .xavierUniform)
    output = Linear(scope / "reconstruction", from: hidden, to: size, weights: .xavierUniform)
  }

  /// Features (N, D) as sequences of so many frames, (N, T, numbers of a frame).
  public func callAsFunction(_ feature: Tensor, frames: Int) -> Tensor {
    let count = feature.shape[0]
    let owners = (0..<count).flatMap { [Int](repeating: $0, count: frames) }
    return output(gru(feature.rows(owners).reshaped([count, frames, feature.shape[1]])))
  }
}
