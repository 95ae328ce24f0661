import NN
import TensorCore

/// A transformer that looks around among the joints of each frame, then among all frames: clips (N, M, T, V, C) to frames
/// (N, T, D).
///
/// A frame has V M tokens of W numbers, number v M + m for joint v of body m; side by side they are its D = V M W numbers.
/// Blocks and what follows them are
///
///     x = x + E;  x = x + drop(attention(norm x)) among the tokens of each frame
///     x = x + E;  x = x + drop(attention(norm x)) among the frames of each clip
///     x = x + drop(W₂ GELU(W₁ norm x + b₁) + b₂)
///     y = norm GELU(W₄ norm GELU(W₃ norm x + b₃) + b₄)
///
/// with E a table of each block, which starts at 0 as the released code has it; all linear layers start as PyTorch's. The
/// slot of one joint holds the body's own way through the room and has an embedding of its own. Clips of different
/// lengths are padded: padded frames get an output, and nothing looks at them.
///
/// Tensors are named as in the released code. In training that code also drops one in ten of the weights of attention, which
/// is not done.
///
/// Source: Kim et al., "Global-local motion transformer for unsupervised skeleton-based action learning", 2022, as the
/// released code has it.
public struct GLTransformer {
  /// Its sizes; defaults are the published ones, 198,885,600 parameters for 25 joints of two bodies.
  public struct Size: Sendable, Equatable {
    /// V
    public var joints: Int
    /// M
    public var bodies: Int
    /// The joint whose slot holds the body's own way.
    public var root: Int
    /// The longest clip, T.
    public var frames = 300
    /// C
    public var channels = 3
    /// Numbers of a token, W.
    public var width = 48
    /// How many blocks there are.
    public var depth = 4
    /// Heads of each attention.
    public var heads = 8
    /// Numbers between a block's two linear layers, as a multiple of D.
    public var expansion = 2
    /// How probable it is that a number behind the embedding, an attention or a linear layer is left out in training.
    public var dropout: Float = 0.1
    /// How probable it is that a branch of the last block is left out in training; the first never is.
    public var dropPath: Float = 0.1

    /// The published sizes for a body of `joints`, of which `root` holds its way.
    public init(joints: Int, bodies: Int, root: Int) {
      (self.joints, self.bodies, self.root) = (joints, bodies, root)
    }

    /// Tokens of a frame, V M.
    public var tokens: Int { joints * bodies }
    /// Numbers of a frame, D = V M W.
    public var features: Int { tokens * width }
  }

  /// Its sizes.
  public let size: Size
  private let embeddings: (joints: Linear, root: Linear)
  private let drop: Dropout
  private let blocks: [GLBlock]
  private let norm: LayerNorm
  private let head: [(Linear, LayerNorm)]

  /// Parameters `emb`, `emb_global`, `encoder_blocks.0` and so on, `norm`, `mlp.0`, `mlp.2`, `mlp.3`, `mlp.5`. The released
  /// code keeps some more in its files that it does not use: a parameter `pred_token_emb` (1, 1, V M, W), zeros, and of each
  /// block buffers of waves, `tm_pos_encoder.pe` (1, T, D) and `sp_pos_encoder.pe` (1, V M, W).
  public init(_ scope: Scope, _ size: Size) {
    precondition((0..<size.joints).contains(size.root), "joint \(size.root) of \(size.joints)")
    self.size = size
    embeddings = (
      Linear(scope / "emb", from: size.channels, to: size.width),
      Linear(scope / "emb_global", from: size.channels, to: size.width)
    )
    _ = scope.parameter("pred_token_emb", shape: [1, 1, size.tokens, size.width], initialise: constant(0))
    drop = Dropout(scope / "dropout", share: size.dropout)
    blocks = (0..<size.depth).map { block in
      GLBlock(
        scope / "encoder_blocks" / "\(block)", size,
        dropPath: size.dropPath * Float(block) / Float(max(size.depth - 1, 1)))
    }
    norm = LayerNorm(scope / "norm", features: size.features)
    head = [0, 3].map { place in
      (
        Linear(scope / "mlp" / "\(place)", from: size.features, to: size.features),
        LayerNorm(scope / "mlp" / "\(place + 2)", features: size.features)
      )
    }
  }

  /// Clips (N, M, T, V, C) as frames (N, T, D).
  ///
  /// - Parameter counts: how many frames of each clip are no padding, its first; nil where all are.
  public func callAsFunction(_ x: Tensor, counts: [Int]? = nil, _ pass: Pass) -> Tensor {
    precondition(
      x.shape.count == 5 && [1, 3, 4].map { x.shape[$0] } == [size.bodies, size.joints, size.channels]
        && x.shape[2] <= size.frames,
      "clips of shape \(x.shape) for \(size)")
    let (n, t) = (x.shape[0], x.shape[2])
    let mask = counts.map { Tensor.showing(first: $0, of: t).reshaped([n, 1, t]).hiding() }
    let tokens = embedded(x.permuted([0, 2, 3, 1, 4])).reshaped([n, t, size.tokens, size.width])
    let frames = blocks.reduce(drop(tokens, pass)) { $1($0, mask: mask, pass) }
    return head.reduce(norm(frames.reshaped([n, t, size.features]))) { $1.1($1.0($0).gelu()) }
  }

  /// The mean of each clip's frames that are no padding: (N, T, D) to (N, D).
  public func pooled(_ frames: Tensor, counts: [Int]? = nil) -> Tensor {
    guard let counts else { return frames.mean(axes: [1]) }
    let shown = Tensor.showing(first: counts, of: frames.shape[1])
    let shares = shown / shown.sum(axes: [1], keepingAxes: true)
    return (frames * shares.reshaped(shares.shape + [1])).sum(axes: [1])
  }

  /// Joints (N, T, V, M, C) as tokens (N, T, V, M, W).
  private func embedded(_ x: Tensor) -> Tensor {
    let others = (0..<size.joints).filter { $0 != size.root }
    let parts = [
      embeddings.joints(x.gathered(axis: 2, others)), embeddings.root(x.gathered(axis: 2, [size.root])),
    ]
    // What was taken apart is put back in the joints' order.
    let places = (0..<size.joints).map {
      $0 == size.root ? size.joints - 1 : $0 < size.root ? $0 : $0 - 1
    }
    return Tensor.concatenated(parts, axis: 2).gathered(axis: 2, places)
  }
}
