import NN
import TensorCore

/// Two streams of attention, joints before frames and frames before joints, mixed anew after each pair of blocks: poses
/// (B, T, V, C) to representations (B, T, V, R).
///
/// Poses are two coordinates and how sure the detector was of them, or any others; what is lifted of them has as many
/// coordinates as the head gives. With S and T blocks of attention among the joints of a frame and among the frames of a
/// joint, each with its two linear layers,
///
///     a = T₁ S₁ x,  b = S₂ T₂ x,  [α, β] = softmax(W [a | b] + c) of each token,  x = α a + β b
///
/// and the representation is tanh(W norm x + b). Matrices and tables start from N(0, 0.02²), biases at 0, W at 0 and c at
/// ½, so that both streams begin with half. Tensors are named as in the released code.
///
/// Source: Zhu et al., "MotionBERT: a unified perspective on learning human motion representations", 2023, as the released
/// code has it.
public struct DSTformer {
  /// Its sizes; defaults are the published ones, 42,466,317 parameters for 17 joints.
  public struct Size: Sendable, Equatable {
    /// V
    public var joints: Int
    /// The longest sequence, T.
    public var frames = 243
    /// C
    public var channels = 3
    /// Numbers of a token, D.
    public var width = 512
    /// How many pairs of blocks each stream has.
    public var depth = 5
    /// Heads of each attention.
    public var heads = 8
    /// Numbers between a block's two linear layers.
    public var inner = 1024
    /// Numbers of a representation, R.
    public var representation = 512
    /// Coordinates of a lifted joint.
    public var coordinates = 3

    /// The published sizes for `joints`.
    public init(joints: Int) { self.joints = joints }

    /// The smaller network of the released code, 16,001,549 parameters for 17 joints.
    public static func lite(joints: Int) -> Size {
      var size = Size(joints: joints)
      size.width = 256
      return size
    }
  }

  /// Its sizes.
  public let size: Size
  private let embedding: Linear
  private let positions: (joints: Parameter, frames: Parameter)  // (1, V, D), (1, T, 1, D)
  private let pairs: [(spaceFirst: Block, timeFirst: Block, fusion: Fusion)]
  private let norm: LayerNorm
  private let representation: Linear
  private let head: Linear

  /// Parameters `joints_embed`, `pos_embed`, `temp_embed`, `blocks_st.0`, `blocks_ts.0`, `ts_attn.0` and so on, `norm`,
  /// `pre_logits.fc`, `head`.
  public init(_ scope: Scope, _ size: Size) {
    self.size = size
    func linear(_ name: String, from inputs: Int, to outputs: Int) -> Linear {
      Linear(scope / name, from: inputs, to: outputs, weights: .smallNormal, zeroBias: true)
    }
    embedding = linear("joints_embed", from: size.channels, to: size.width)
    let table = truncatedNormal(deviation: 0.02)
    positions = (
      scope.parameter("pos_embed", shape: [1, size.joints, size.width], initialise: table),
      scope.parameter("temp_embed", shape: [1, size.frames, 1, size.width], initialise: table)
    )
    pairs = (0..<size.depth).map { number in
      (
        Block(scope / "blocks_st" / "\(number)", size), Block(scope / "blocks_ts" / "\(number)", size),
        Fusion(scope / "ts_attn" / "\(number)", width: size.width)
      )
    }
    norm = LayerNorm(scope / "norm", features: size.width)
    representation = linear("pre_logits.fc", from: size.width, to: size.representation)
    head = linear("head", from: size.representation, to: size.coordinates)
  }

  /// Poses (B, T, V, C) as representations (B, T, V, R); bodies are folded into the batch.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    precondition(
      x.shape.count == 4 && x.shape[1] <= size.frames && x.shape[2] == size.joints
        && x.shape[3] == size.channels,
      "poses of shape \(x.shape) for \(size)")
    let frames = positions.frames.value.sliced(axis: 1, 0..<x.shape[1])
    let tokens = embedding(x) + positions.joints.value + frames
    let mixed = pairs.reduce(tokens) { x, pair in
      pair.fusion(pair.spaceFirst.spaceFirst(x, pass), pair.timeFirst.timeFirst(x, pass))
    }
    return representation(norm(mixed)).tanh()
  }

  /// Representations (B, T, V, R) as joints in space (B, T, V, coordinates).
  public func lifted(_ representation: Tensor) -> Tensor { head(representation) }

  /// Attention among joints and among frames, in either order.
  private struct Block {
    let space: TransformerBlock
    let time: TransformerBlock

    init(_ scope: Scope, _ size: Size) {
      func block(_ suffix: String) -> TransformerBlock {
        TransformerBlock(
          scope, width: size.width, heads: size.heads, inner: size.inner, form: .smallNormal, suffix: suffix)
      }
      (space, time) = (block("_s"), block("_t"))
    }

    func spaceFirst(_ x: Tensor, _ pass: Pass) -> Tensor { amongFrames(amongJoints(x, pass), pass) }

    func timeFirst(_ x: Tensor, _ pass: Pass) -> Tensor { amongJoints(amongFrames(x, pass), pass) }

    private func amongJoints(_ x: Tensor, _ pass: Pass) -> Tensor { lists(x) { space($0, pass) } }

    private func amongFrames(_ x: Tensor, _ pass: Pass) -> Tensor {
      lists(x.permuted([0, 2, 1, 3])) { time($0, pass) }.permuted([0, 2, 1, 3])
    }

    /// A function of lists (B', L, D) for (B, A, L, D).
    private func lists(_ x: Tensor, _ function: (Tensor) -> Tensor) -> Tensor {
      function(x.reshaped([x.shape[0] * x.shape[1], x.shape[2], x.shape[3]])).reshaped(x.shape)
    }
  }

  /// The mean of two streams (B, T, V, D) with weights of each token's own.
  private struct Fusion {
    private let weight: Parameter  // (2, 2 D)
    private let bias: Parameter  // (2)

    init(_ scope: Scope, width: Int) {
      weight = scope.parameter("weight", shape: [2, 2 * width], initialise: constant(0))
      bias = scope.parameter("bias", shape: [2], initialise: constant(0.5))
    }

    func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor {
      let both = Tensor.concatenated([a, b], axis: 3)
      let shares = (both.matmul(weight.value, transposed: true) + bias.value).softmax()  // (B, T, V, 2)
      return a * shares.sliced(axis: 3, 0..<1) + b * shares.sliced(axis: 3, 1..<2)
    }
  }
}
