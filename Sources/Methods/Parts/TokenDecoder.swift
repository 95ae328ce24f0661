import Encoders
import NN
import TensorCore

/// From the tokens that a transformer saw to a patch for each that there are: (B, kept, D) to (B, L, span · C), or to as many
/// numbers as are asked for.
///
/// Hidden tokens are one learned vector, told apart by their positions alone.
///
/// Source: Mao et al., "Masked motion predictors are strong 3D action representation learners", 2023, section 3.2.
public struct TokenDecoder {
  /// Its sizes; defaults are the published ones for NTU RGB+D 60.
  public struct Size: Sendable, Equatable {
    /// Numbers of a token.
    public var width = 256
    /// How many blocks there are.
    public var depth = 3
    /// Heads of each attention.
    public var heads = 8
    /// Numbers between a block's two linear layers.
    public var inner = 1024
    /// What norms add to the variance.
    public var epsilon: Float = 1e-5
    /// What the learned factors of branches start as; nil for none.
    public var layerScale: Float?

    /// The published sizes.
    public init() {}
  }

  private let tokens: Int
  private let embedding: Linear
  private let hidden: Parameter  // (1, 1, width)
  private let positions: PositionTable
  private let blocks: [TransformerBlock]
  private let norm: LayerNorm
  private let prediction: Linear

  /// A decoder for tokens of an encoder of these sizes. Parameters `decoder_embed`, `mask_token`, `decoder_pos_embed`,
  /// `decoder_temp_embed`, `decoder_blocks.0` and so on, `decoder_norm`, `decoder_pred`.
  ///
  /// - Parameter outputs: numbers that are guessed of each token; a patch's where nothing is said.
  public init(
    _ scope: Scope, of encoder: VisionTransformer.Size, _ size: Size = Size(), outputs: Int? = nil
  ) {
    tokens = encoder.tokens
    func linear(_ name: String, from inputs: Int, to outputs: Int) -> Linear {
      Linear(scope / name, from: inputs, to: outputs, weights: .xavierUniform, zeroBias: true)
    }
    embedding = linear("decoder_embed", from: encoder.width, to: size.width)
    hidden = scope.parameter(
      "mask_token", shape: [1, 1, size.width], initialise: truncatedNormal(deviation: 0.02))
    positions = PositionTable(
      scope, prefix: "decoder_", steps: encoder.steps, joints: encoder.joints, width: size.width)
    blocks = (0..<size.depth).map { block in
      TransformerBlock(
        scope / "decoder_blocks" / "\(block)", width: size.width, heads: size.heads, inner: size.inner,
        epsilon: size.epsilon, layerScale: size.layerScale)
    }
    norm = LayerNorm(scope / "decoder_norm", features: size.width, epsilon: size.epsilon)
    prediction = linear("decoder_pred", from: size.width, to: outputs ?? encoder.patch)
  }

  /// (B, kept, D), where list b holds the tokens `kept[b]`, to (B, L, outputs).
  public func callAsFunction(_ seen: Tensor, at kept: [[Int]], _ pass: Pass) -> Tensor {
    let (batch, count) = (seen.shape[0], seen.shape[1])
    precondition(
      kept.count == batch && kept.allSatisfy { $0.count == count },
      "\(seen.shape) tokens at places of \(kept.count) lists")
    let shown = embedding(seen)
    let width = hidden.value.count
    // One row more than was seen stands for all that was not.
    var rows = [Int](repeating: batch * count, count: batch * tokens)
    for (list, places) in kept.enumerated() {
      for (number, place) in places.enumerated() { rows[list * tokens + place] = list * count + number }
    }
    let all = Tensor.concatenated(
      [shown.reshaped([batch * count, width]), hidden.value.reshaped([1, width])], axis: 0
    ).rows(rows).reshaped([batch, tokens, width])
    return prediction(norm(blocks.reduce(all + positions()) { $1($0, pass) }))
  }
}
