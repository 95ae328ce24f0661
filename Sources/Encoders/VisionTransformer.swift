import NN
import TensorCore

/// A transformer over patches of a sequence, each some frames of one joint: (B, T, V, C) to tokens (B, L, D).
///
/// Bodies are folded into the batch, B = N M. Token number t V + v is patch t of joint v, L = T / span · V. There is no
/// class token; a sequence's feature is the mean of its tokens.
///
/// Source: Mao et al., "Masked motion predictors are strong 3D action representation learners", 2023, section 3.2.
public struct VisionTransformer {
  /// Its sizes; defaults are the published ones, 6,336,000 parameters.
  public struct Size: Sendable, Equatable {
    /// T
    public var frames = 120
    /// V
    public var joints = 25
    /// C
    public var channels = 3
    /// Frames of a patch.
    public var span = 4
    /// D
    public var width = 256
    /// How many blocks there are.
    public var depth = 8
    /// Heads of each attention.
    public var heads = 8
    /// Numbers between a block's two linear layers.
    public var inner = 1024
    /// How probable it is that a branch of the last block is left out in training; the first never is.
    public var dropPath: Float = 0
    /// What norms add to the variance.
    public var epsilon: Float = 1e-5
    /// What the learned factors of branches start as; nil for none.
    public var layerScale: Float?

    /// The published sizes.
    public init() {}

    /// Patches of a joint, T / span.
    public var steps: Int { frames / span }
    /// Tokens of a sequence, L.
    public var tokens: Int { steps * joints }
    /// Numbers of a patch, span · C.
    public var patch: Int { span * channels }

    /// (B, T, V, C) as patches (B, L, span · C), within a patch frame by frame.
    public func patches(of x: Tensor) -> Tensor {
      precondition(
        x.shape.count == 4 && Array(x.shape.dropFirst()) == [frames, joints, channels],
        "a sequence of shape \(x.shape), not (B, \(frames), \(joints), \(channels))")
      return x.reshaped([x.shape[0], steps, span, joints, channels]).permuted([0, 1, 3, 2, 4])
        .reshaped([x.shape[0], tokens, patch])
    }
  }

  /// Its sizes.
  public let size: Size
  private let embedding: (weight: Parameter, bias: Parameter)  // (D, C, span, 1), (D)
  private let positions: PositionTable
  private let blocks: [TransformerBlock]
  private let norm: LayerNorm

  /// Parameters `joints_embed.proj`, `pos_embed`, `temp_embed`, `blocks.0` and so on, `norm`.
  public init(_ scope: Scope, _ size: Size = Size()) {
    precondition(size.frames % size.span == 0, "\(size.frames) frames are no patches of \(size.span)")
    self.size = size
    let start = uniform(1 / Float(size.patch).squareRoot())
    embedding = (
      scope.parameter(
        "joints_embed.proj.weight", shape: [size.width, size.channels, size.span, 1], initialise: start),
      scope.parameter("joints_embed.proj.bias", shape: [size.width], initialise: start)
    )
    positions = PositionTable(scope, steps: size.steps, joints: size.joints, width: size.width)
    blocks = (0..<size.depth).map { block in
      TransformerBlock(
        scope / "blocks" / "\(block)", width: size.width, heads: size.heads, inner: size.inner,
        dropPath: size.dropPath * Float(block) / Float(max(size.depth - 1, 1)), epsilon: size.epsilon,
        layerScale: size.layerScale)
    }
    norm = LayerNorm(scope / "norm", features: size.width, epsilon: size.epsilon)
  }

  /// (B, T, V, C) to tokens (B, L, D), or of each sequence those that `kept` names, in that order: (B, kept, D).
  public func callAsFunction(_ x: Tensor, keeping kept: [[Int]]? = nil, _ pass: Pass) -> Tensor {
    norm(blocks.reduce(embedded(x, keeping: kept)) { $1($0, pass) })
  }

  /// What each block makes of all tokens, (B, L, D) each, before the last norm.
  public func layers(_ x: Tensor, _ pass: Pass) -> [Tensor] {
    var layers: [Tensor] = []
    for block in blocks { layers.append(block(layers.last ?? embedded(x, keeping: nil), pass)) }
    return layers
  }

  /// The tokens that the first block reads.
  private func embedded(_ x: Tensor, keeping kept: [[Int]]?) -> Tensor {
    let patches = size.patches(of: x)
    // The released weight is ordered by channel, a patch by frame.
    let weight = embedding.weight.value.reshaped([size.width, size.channels, size.span]).permuted([0, 2, 1])
      .reshaped([size.width, size.patch])
    let all = patches.matmul(weight, transposed: true) + embedding.bias.value + positions()
    return kept.map { all.tokens($0) } ?? all
  }
}

extension Tensor {
  /// Of each list of (B, L, D) the tokens that `numbers` names, as many of each: (B, kept, D).
  func tokens(_ numbers: [[Int]]) -> Tensor {
    let (batch, length, width) = (shape[0], shape[1], shape[2])
    let count = numbers.first?.count ?? 0
    precondition(
      numbers.count == batch && numbers.allSatisfy { $0.count == count },
      "tokens of \(numbers.count) lists, not as many of each of \(batch)")
    let rows = numbers.enumerated().flatMap { list, own in own.map { list * length + $0 } }
    return reshaped([batch * length, width]).rows(rows).reshaped([batch, count, width])
  }
}
