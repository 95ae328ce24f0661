import NN
import TensorCore

/// The size of an STTFormer.
public struct STTFormerSettings: Sendable, Equatable {
  /// One block: channels in and out, and numbers of a head's query.
  public struct Block: Sendable, Equatable {
    /// Channels that come in.
    public let inputs: Int
    /// Channels that go out.
    public let outputs: Int
    /// Numbers of a head's query, and of its key.
    public let keys: Int

    /// A block's size.
    public init(from inputs: Int, to outputs: Int, keys: Int) {
      (self.inputs, self.outputs, self.keys) = (inputs, outputs, keys)
    }
  }

  /// T, a multiple of `span`.
  public var frames = 120
  /// Frames of a tuple.
  public var span = 6
  /// Coordinates of a joint, C.
  public var coordinates = 3
  /// Heads of each attention.
  public var heads = 3
  /// Tuples that a block's last convolution sees, odd.
  public var tupleKernel = 3
  /// Places of a tuple that the convolution behind attention sees, odd.
  public var placeKernel = 5
  /// The blocks, each reading what the one before gives.
  public var blocks: [Block] = [
    Block(from: 64, to: 64, keys: 16), Block(from: 64, to: 64, keys: 16), Block(from: 64, to: 128, keys: 32),
    Block(from: 128, to: 128, keys: 32), Block(from: 128, to: 256, keys: 64),
    Block(from: 256, to: 256, keys: 64), Block(from: 256, to: 256, keys: 64),
    Block(from: 256, to: 256, keys: 64),
  ]

  /// The published size, 6,218,168 parameters for 25 joints.
  public init() {}
}

/// Spatio-temporal tuples transformer: attention among all joints of some consecutive frames, then a convolution over
/// such tuples.
///
/// Clips (N, M, T, V, C) become maps (N, M, T', V', D) with T' = T / span tuples of V' = span V places, place f V + v being
/// joint v of the tuple's frame f; the feature is the mean over bodies, tuples and places. Bodies are rows of the batch.
/// Tensors are named as in the released code: `input_map.0`, `blocks.0.to_qkvs`, `blocks.0.alphas`, `blocks.0.att0s`,
/// `blocks.0.out_nets.0`, …; the table of positions is a buffer, `blocks.0.pes.pe`.
///
/// Weights of convolutions start as N(0, 2 / outputs), their biases as PyTorch's default, which the released code leaves
/// alone; strengths of attention as 1, what all samples share as 1 / V'.
///
/// Source: Qiu et al., "Spatio-temporal tuples transformer for skeleton-based action recognition", 2022, section 3.
public struct STTFormer {
  private let input: NormalizedLayer
  private let blocks: [Block]
  private let settings: STTFormerSettings
  /// Numbers in a feature.
  public let featureCount: Int

  /// A backbone for bodies of `joints` joints whose parameters are below `scope`.
  public init(_ scope: Scope, _ settings: STTFormerSettings = STTFormerSettings(), joints: Int) {
    precondition(
      settings.span > 0 && settings.frames % settings.span == 0,
      "\(settings.frames) frames are no tuples of \(settings.span)")
    precondition(
      !settings.blocks.isEmpty
        && zip(settings.blocks, settings.blocks.dropFirst()).allSatisfy { $0.outputs == $1.inputs },
      "blocks \(settings.blocks), of which one does not read what the one before gives")
    self.settings = settings
    input = NormalizedLayer(
      scope / "input_map", from: settings.coordinates, to: settings.blocks[0].inputs)
    blocks = settings.blocks.enumerated().map { number, size in
      Block(scope / "blocks" / "\(number)", size, settings, places: settings.span * joints)
    }
    featureCount = settings.blocks[settings.blocks.count - 1].outputs
  }

  /// Clips (N, M, T, V, C) as maps (N, M, T', V', D).
  public func map(_ x: Tensor, _ pass: Pass) -> Tensor {
    let (n, m, t, v, c) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3], x.shape[4])
    precondition(t == settings.frames, "clips of shape \(x.shape) for \(settings.frames) frames")
    let tuples = x.reshaped([n * m, t / settings.span, settings.span * v, c])
    let map = blocks.reduce(input(tuples, pass).leakyRelu(slope: slope)) { $1($0, pass) }
    return map.reshaped([n, m] + map.shape.dropFirst())
  }

  /// Clips (N, M, T, V, C) as features (N, D).
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { BodyMap.pooled(map(x, pass)) }

  /// (B, T', V', C) to (B, T', V', O). With q_h and k_h the queries and keys of x and its places,
  ///
  ///     A_h[u, v] = α_h tanh(Σ_{t,c} q_h[t, u, c] k_h[t, v, c] / (Q T')) + A⁰_h[u, v],   y_h[t, v] = Σ_u A_h[u, v] x[t, u]
  ///
  /// without a softmax and without values of their own.
  private struct Block {
    let positions: Parameter  // (1, C, T', V')
    let embedding: Convolution  // all heads' queries, then all heads' keys
    let strength: Parameter  // α, (1, H, 1, 1)
    let shared: Parameter  // A⁰, (1, H, V', V')
    let attended: NormalizedLayer
    let forward: NormalizedLayer
    let tuples: NormalizedLayer
    let residuals: (NormalizedLayer, NormalizedLayer)?
    let size: STTFormerSettings.Block
    let heads: Int

    init(_ scope: Scope, _ size: STTFormerSettings.Block, _ settings: STTFormerSettings, places: Int) {
      (self.size, heads) = (size, settings.heads)
      let (steps, inputs, outputs) = (settings.frames / settings.span, size.inputs, size.outputs)
      positions = (scope / "pes").buffer(
        "pe", shape: [1, inputs, steps, places],
        value: sinusoids(positions: places, width: inputs).permuted([1, 0])
          .reshaped([1, inputs, 1, places]).repeated(to: [1, inputs, steps, places]))
      embedding = Convolution(
        scope / "to_qkvs", from: inputs, to: 2 * heads * size.keys, start: .kaimingFanOutWeight)
      strength = scope.parameter("alphas", shape: [1, heads, 1, 1], initialise: constant(1))
      shared = scope.parameter(
        "att0s", shape: [1, heads, places, places], initialise: constant(1 / Float(places)))
      attended = NormalizedLayer(
        scope / "out_nets", from: heads * inputs, to: outputs, kernel: (1, settings.placeKernel))
      forward = NormalizedLayer(scope / "ff_net", from: outputs, to: outputs)
      tuples = NormalizedLayer(
        scope / "out_nett", from: outputs, to: outputs, kernel: (settings.tupleKernel, 1))
      residuals =
        inputs == outputs
        ? nil
        : (
          NormalizedLayer(scope / "ress", from: inputs, to: outputs),
          NormalizedLayer(scope / "rest", from: outputs, to: outputs)
        )
    }

    func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
      let (b, t, v, c) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
      // (B, V' H, U): each place takes its heads' sums side by side.
      let graphs = attention(x).permuted([0, 2, 1, 3]).reshaped([b, v * heads, v])
      let sums = graphs.batchedMatmul(x).reshaped([b, t, v, heads * c])
      let kept = residuals?.0(x, pass) ?? x
      let y = (attended(sums, pass) + kept).leakyRelu(slope: slope)
      let z = (forward(y, pass) + kept).leakyRelu(slope: slope)
      return (tuples(z, pass) + (residuals?.1(z, pass) ?? z)).leakyRelu(slope: slope)
    }

    /// Of each place v what it takes from each place u: (B, H, V', U).
    private func attention(_ x: Tensor) -> Tensor {
      let (b, t, v) = (x.shape[0], x.shape[1], x.shape[2])
      // (2 H, B, V', T' Q)
      let embedded = embedding(x + positions.value.permuted([0, 2, 3, 1]))
        .reshaped([b, t, v, 2 * heads, size.keys]).permuted([3, 0, 2, 1, 4])
        .reshaped([2 * heads, b, v, t * size.keys])
      let queries = embedded.sliced(axis: 0, 0..<heads)
      let keys = embedded.sliced(axis: 0, heads..<2 * heads)
      let alike = keys.batchedMatmul(queries, otherTransposed: true) * (1 / Float(size.keys * t))
      return alike.permuted([1, 0, 2, 3]).tanh() * strength.value + shared.value.permuted([0, 1, 3, 2])
    }
  }
}

/// What negative numbers are multiplied with, everywhere.
private let slope: Float = 0.1

/// A convolution that keeps both axes' lengths, and its norm, parameters `0` and `1`.
private struct NormalizedLayer {
  private let convolution: Convolution
  private let norm: BatchNorm1d

  init(_ scope: Scope, from inputs: Int, to outputs: Int, kernel: (Int, Int) = (1, 1)) {
    convolution = Convolution(
      scope / "0", from: inputs, to: outputs, kernel: kernel,
      Window(padding: ((kernel.0 - 1) / 2, (kernel.1 - 1) / 2)), start: .kaimingFanOutWeight)
    norm = BatchNorm1d(scope / "1", features: outputs)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { norm(convolution(x), pass) }
}
