import Batches
import NN
import TensorCore

/// The size of UmURL's encoder.
public struct UmURLEncoderSettings: Sendable, Equatable {
  /// T
  public var frames = 64
  /// Coordinates of a joint, C.
  public var coordinates = 3
  /// Numbers of a token, D, and between a block's two linear layers.
  public var width = 1024
  /// Heads of each attention.
  public var heads = 1
  /// Rows of the table of positions, of which the first T are used.
  public var positions = 200

  /// The published size, 22,067,200 parameters for two bodies of 25 joints.
  public init() {}
}

/// One transformer over frames and one over joints for joints, bones and motion alike, each of which has an embedding of
/// its own, or for the mean of the three.
///
/// Clips (N, M, T, V, C) become features (N, 2 D): the largest numbers over the tokens of frames, then over those of
/// joints. Frames have sinusoids as positions, joints none. Tensors are named as in the released code: `j_emb`, `b_emb`,
/// `m_emb`, `mm_fusion`, `ma_encoder.t_tr.layers.0`, `ma_encoder.s_tr.layers.0`; the table of positions is a buffer,
/// `ma_encoder.pe.pe`.
///
/// First values are PyTorch's default for each layer.
///
/// Source: Sun et al., "Unified multi-modal unsupervised representation learning for skeleton-based action understanding",
/// 2023, section 3.2.
public struct UmURLEncoder {
  private let embeddings: [SkeletonStream: StreamEmbedding]
  private let fusion: (temporal: Parameter, spatial: Parameter)  // (D, D) both
  private let positions: Parameter  // (1, positions, D)
  private let blocks: (temporal: PostNormBlock, spatial: PostNormBlock)
  /// Numbers in a feature.
  public let featureCount: Int

  /// An encoder for `bodies` bodies of `joints` joints whose parameters are below `scope`.
  public init(
    _ scope: Scope, _ settings: UmURLEncoderSettings = UmURLEncoderSettings(), bodies: Int, joints: Int
  ) {
    let width = settings.width
    precondition(
      settings.frames <= settings.positions, "\(settings.frames) frames at \(settings.positions) positions")
    var embeddings: [SkeletonStream: StreamEmbedding] = [:]
    for stream in SkeletonStream.allCases {
      embeddings[stream] = StreamEmbedding(
        scope / "\(stream.rawValue.prefix(1))_emb", frames: settings.frames, bodies: bodies, joints: joints,
        coordinates: settings.coordinates, width: width)
    }
    self.embeddings = embeddings
    func mixing(_ name: String) -> Parameter {
      (scope / "mm_fusion" / name / "0").parameter(
        "weight", shape: [width, width], initialise: uniform(1 / Float(width).squareRoot()))
    }
    fusion = (mixing("t_fusion"), mixing("s_fusion"))
    let encoder = scope / "ma_encoder"
    positions = (encoder / "pe").buffer(
      "pe", shape: [1, settings.positions, width],
      value: sinusoids(positions: settings.positions, width: width).reshaped([1, settings.positions, width]))
    func block(_ name: String) -> PostNormBlock {
      PostNormBlock(encoder / name / "layers" / "0", width: width, heads: settings.heads, inner: width)
    }
    blocks = (block("t_tr"), block("s_tr"))
    featureCount = 2 * width
  }

  /// Clips (N, M, T, V, C) of one stream as features (N, 2 D).
  public func callAsFunction(_ clips: Tensor, _ stream: SkeletonStream, _ pass: Pass) -> Tensor {
    encoded(embedded(clips, stream), pass)
  }

  /// The three streams of the same clips, (N, M, T, V, C) each, as features (N, 2 D): their embeddings' mean goes through
  /// one more linear layer and then the way of a single stream.
  public func fused(joint: Tensor, bone: Tensor, motion: Tensor, _ pass: Pass) -> Tensor {
    let all = [embedded(joint, .joint), embedded(bone, .bone), embedded(motion, .motion)]
    func mean(_ tokens: [Tensor], _ weight: Parameter) -> Tensor {
      ((tokens[0] + tokens[1] + tokens[2]) * (1 / 3)).matmul(weight.value, transposed: true)
    }
    return encoded(
      TokenStreams(
        temporal: mean(all.map(\.temporal), fusion.temporal),
        spatial: mean(all.map(\.spatial), fusion.spatial)),
      pass)
  }

  private func embedded(_ clips: Tensor, _ stream: SkeletonStream) -> TokenStreams {
    guard let embedding = embeddings[stream] else { preconditionFailure("no embedding of \(stream)") }
    return embedding(clips)
  }

  private func encoded(_ tokens: TokenStreams, _ pass: Pass) -> Tensor {
    let placed = tokens.temporal + positions.value.sliced(axis: 1, 0..<tokens.temporal.shape[1])
    return .concatenated(
      [
        blocks.temporal(placed, pass).max(axes: [1]), blocks.spatial(tokens.spatial, pass).max(axes: [1]),
      ], axis: 1)
  }
}
