import NN
import TensorCore

/// The size and kind of HiCo's encoder.
public struct HiCoEncoderSettings: Sendable, Equatable {
  /// What reads the tokens of each granularity.
  public enum Reader: String, Sendable, CaseIterable {
    /// A block of a transformer.
    case transformer
    /// A gated recurrent unit of two directions.
    case gru
    /// Long short-term memory of two directions.
    case lstm
  }

  /// T
  public var frames = 64
  /// Coordinates of a joint, C.
  public var coordinates = 3
  /// Numbers of a token, D, and between a block's two linear layers; a direction of a recurrent reader has half.
  public var width = 512
  /// Heads of each attention.
  public var heads = 4
  /// How often tokens are read, each time half as many, G.
  public var granularities = 4
  /// Tokens that the convolution between two granularities sees, odd.
  public var kernel = 5
  /// How probable it is that a number of a transformer's branch is left out in training.
  public var dropout: Float = 0.1
  /// What reads the tokens.
  public var reader = Reader.transformer

  /// The published size, 3,867,648 parameters for two bodies of 25 joints.
  public init() {}
}

/// One reader of frames and one of joints, of all of them and then of ever fewer, each made of neighbouring ones.
///
/// Clips (N, M, T, V, C) become vectors of clips and of parts, (N, G, D) both: the largest numbers over the tokens of each
/// granularity, all first. The feature (N, 2 G D) is those of clips, then those of parts. No token knows its position.
/// Tensors are named as in the released code: `t_embedding`, `s_embedding`, `t_downsample.conv.dw_conv`,
/// `t_downsample.norm`, `t_encoder.layers.0` or `t_encoder.weight_ih_l0`, and the same with an s for joints.
///
/// First values are PyTorch's default for each layer. Both transformers start alike, being copies of one in the released
/// code. Unlike there, no weights of attention are dropped in training.
///
/// Source: Dong et al., "Hierarchical contrast for unsupervised skeleton-based action representation learning", 2023,
/// section 3.2.
public struct HiCoEncoder {
  private let embedding: StreamEmbedding
  private let clips: Branch
  private let parts: Branch
  /// How often tokens are read, G.
  public let granularities: Int
  /// Numbers in a feature.
  public let featureCount: Int

  /// An encoder for `bodies` bodies of `joints` joints whose parameters are below `scope`.
  public init(
    _ scope: Scope, _ settings: HiCoEncoderSettings = HiCoEncoderSettings(), bodies: Int, joints: Int
  ) {
    precondition(
      min(settings.frames, bodies * joints) >> (settings.granularities - 1) > 0,
      "\(settings.frames) frames and \(bodies * joints) joints halved \(settings.granularities - 1) times")
    embedding = StreamEmbedding(
      scope, frames: settings.frames, bodies: bodies, joints: joints, coordinates: settings.coordinates,
      width: settings.width)
    let isCopy = settings.reader == .transformer
    clips = Branch(
      TokenHalving(scope / "t_downsample", settings), TokenReader(scope / "t_encoder", settings))
    let second = scope / "s_encoder"
    parts = Branch(
      TokenHalving(scope / "s_downsample", settings),
      TokenReader(isCopy ? second.starting(as: scope / "t_encoder") : second, settings))
    granularities = settings.granularities
    featureCount = 2 * settings.granularities * settings.width
  }

  /// Clips (N, M, T, V, C) as vectors of clips and of parts by granularity, (N, G, D) both.
  public func vectors(_ x: Tensor, _ pass: Pass) -> (clips: Tensor, parts: Tensor) {
    let tokens = embedding(x)
    return (
      clips(tokens.temporal, granularities: granularities, pass),
      parts(tokens.spatial, granularities: granularities, pass)
    )
  }

  /// Clips (N, M, T, V, C) as features (N, 2 G D).
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let (clips, parts) = vectors(x, pass)
    return Tensor.concatenated([clips, parts], axis: 1).reshaped([x.shape[0], featureCount])
  }

  /// Tokens (N, L, D), and those that they are halved to, as vectors (N, G, D).
  private struct Branch {
    let halving: TokenHalving
    let reader: TokenReader

    init(_ halving: TokenHalving, _ reader: TokenReader) { (self.halving, self.reader) = (halving, reader) }

    func callAsFunction(_ tokens: Tensor, granularities: Int, _ pass: Pass) -> Tensor {
      var (tokens, vectors) = (tokens, [Tensor]())
      for granularity in 0..<granularities {
        if granularity > 0 { tokens = halving(tokens) }
        vectors.append(
          reader(tokens, pass.part("granularity \(granularity)")).max(axes: [1], keepingAxes: true))
      }
      return .concatenated(vectors, axis: 1)
    }
  }
}

/// Of each two tokens the larger numbers, after each channel's convolution, a norm and a ReLU: (N, L, D) to
/// (N, ⌊L / 2⌋, D).
private struct TokenHalving {
  let convolution: (weight: Parameter, bias: Parameter)  // (D, 1, kernel), (D)
  let norm: LayerNorm

  init(_ scope: Scope, _ settings: HiCoEncoderSettings) {
    let layer = scope / "conv" / "dw_conv"
    let start = uniform(1 / Float(settings.kernel).squareRoot())
    convolution = (
      layer.parameter("weight", shape: [settings.width, 1, settings.kernel], initialise: start),
      layer.parameter("bias", shape: [settings.width], initialise: start)
    )
    norm = LayerNorm(scope / "norm", features: settings.width)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let weight = convolution.weight.value
    let (width, kernel) = (weight.shape[0], weight.shape[2])
    let mixed = x.reshaped([x.shape[0], x.shape[1], 1, width])
      .convolvedDepthwise(weight.reshaped([width, 1, kernel, 1]), .along(padding: (kernel - 1) / 2))
      .reshaped(x.shape)
    return norm(mixed + convolution.bias.value).relu().maxPooled(axis: 1, size: 2, stride: 2)
  }
}

/// What reads tokens: (N, L, D) to (N, L, D).
private enum TokenReader {
  case transformer(PostNormBlock)
  case gru(GRU)
  case lstm(LSTM)

  init(_ scope: Scope, _ settings: HiCoEncoderSettings) {
    let width = settings.width
    switch settings.reader {
    case .transformer:
      self = .transformer(
        PostNormBlock(
          scope / "layers" / "0", width: width, heads: settings.heads, inner: width,
          dropout: settings.dropout))
    case .gru: self = .gru(GRU(scope, input: width, hidden: width / 2, layers: 1, mode: .bidirectional))
    case .lstm: self = .lstm(LSTM(scope, input: width, hidden: width / 2, layers: 1, mode: .bidirectional))
    }
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    switch self {
    case .transformer(let block): block(x, pass)
    case .gru(let gru): gru(x)
    case .lstm(let lstm): lstm(x)
    }
  }
}
