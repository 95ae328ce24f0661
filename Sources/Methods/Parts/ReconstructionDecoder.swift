import NN
import TensorCore

/// Frame features back into coordinates: two linear layers with batch normalization, a two-layer GRU, a linear layer.
///
/// Source: PCM3's released code; tensors are named as there, and start from PyTorch's defaults as there: the released
/// initialiser reaches the encoder alone. From Xavier's distribution the prediction diverges at the published rate.
public struct ReconstructionDecoder {
  private let first: Linear
  private let norm: BatchNorm1d
  private let second: Linear
  private let gru: GRU
  private let output: Linear

  /// A decoder whose parameters are below `scope`: `linear.0.*`, `linear.1.*`, `linear.3.*`, `decoder.*`,
  /// `reconstruction.*`.
  public init(_ scope: Scope, features: Int, hidden: Int, output size: Int) {
    first = Linear(scope / "linear" / "0", from: features, to: hidden)
    norm = BatchNorm1d(scope / "linear" / "1", features: hidden)
    second = Linear(scope / "linear" / "3", from: hidden, to: hidden)
    gru = GRU(scope / "decoder", input: hidden, hidden: hidden, layers: 2, mode: .forward)
    output = Linear(scope / "reconstruction", from: hidden, to: size)
  }

  /// (N, T, features) to (N, T, 150).
  public func callAsFunction(_ frames: Tensor, _ pass: Pass) -> Tensor {
    output(gru(second(norm(first(frames), pass).relu())))
  }
}
