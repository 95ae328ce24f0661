import NN
import TensorCore

/// A clip's tokens read in two ways: frames of all joints, and joints of all frames.
public struct TokenStreams: Sendable {
  /// (N, T, ·); of a clip its frames, each by body, joint and coordinate.
  public var temporal: Tensor
  /// (N, M V, ·); of a clip its joints, token m V + v, each by frame and coordinate.
  public var spatial: Tensor

  /// Tokens of both kinds.
  public init(temporal: Tensor, spatial: Tensor) { (self.temporal, self.spatial) = (temporal, spatial) }

  /// The tokens of clips (N, M, T, V, C): (N, T, M V C) and (N, M V, T C).
  public init(of clips: Tensor) {
    let (n, m, t, v, c) = (
      clips.shape[0], clips.shape[1], clips.shape[2], clips.shape[3], clips.shape[4]
    )
    temporal = clips.permuted([0, 2, 1, 3, 4]).reshaped([n, t, m * v * c])
    spatial = clips.permuted([0, 1, 3, 2, 4]).reshaped([n, m * v, t * c])
  }
}

/// A clip's tokens of both kinds, each by two linear layers: parameters `t_embedding` and `s_embedding`.
struct StreamEmbedding {
  private let temporal: TokenEmbedding
  private let spatial: TokenEmbedding

  init(_ scope: Scope, frames: Int, bodies: Int, joints: Int, coordinates: Int, width: Int) {
    temporal = TokenEmbedding(
      scope / "t_embedding", from: bodies * joints * coordinates, to: width)
    spatial = TokenEmbedding(scope / "s_embedding", from: frames * coordinates, to: width)
  }

  /// Clips (N, M, T, V, C) as tokens (N, T, D) and (N, M V, D).
  func callAsFunction(_ clips: Tensor) -> TokenStreams {
    let tokens = TokenStreams(of: clips)
    return TokenStreams(temporal: temporal(tokens.temporal), spatial: spatial(tokens.spatial))
  }
}

/// W₂ relu(norm(W₁ x + b₁)) + b₂: (N, L, C) to (N, L, D). Parameters `0`, `1` and `3`, linear ones by PyTorch's default.
private struct TokenEmbedding {
  let layers: (Linear, Linear)
  let norm: LayerNorm

  init(_ scope: Scope, from inputs: Int, to width: Int) {
    layers = (
      Linear(scope / "0", from: inputs, to: width), Linear(scope / "3", from: width, to: width)
    )
    norm = LayerNorm(scope / "1", features: width)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { layers.1(norm(layers.0(x)).relu()) }
}
