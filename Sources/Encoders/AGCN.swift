import NN
import TensorCore

/// One block of a graph backbone: channels in and out, and how many frames become one.
public struct GraphBlockSize: Sendable, Equatable {
  /// Channels that come in.
  public let inputs: Int
  /// Channels that go out.
  public let outputs: Int
  /// Frames from one output to the next.
  public let stride: Int

  /// A block's size.
  public init(from inputs: Int, to outputs: Int, stride: Int = 1) {
    (self.inputs, self.outputs, self.stride) = (inputs, outputs, stride)
  }

  /// The ten blocks of 2s-AGCN and CTR-GCN, which were published with 64 channels.
  ///
  /// - Parameter coordinates: of a joint, the channels that come into the first.
  public static func published(_ channels: Int = 64, of coordinates: Int = 3) -> [GraphBlockSize] {
    let widths = [coordinates] + [1, 1, 1, 1, 2, 2, 2, 4, 4, 4].map { $0 * channels }
    return (0..<10).map { number in
      GraphBlockSize(
        from: widths[number], to: widths[number + 1], stride: number == 4 || number == 7 ? 2 : 1)
    }
  }
}

/// Adaptive graph convolutional network: neighbours are those of the body, learned ones, and such as are alike.
///
/// Clips (N, M, T, V, C) become maps (N, M, ⌈T / 4⌉, V, D). Tensors are named as in the released code.
///
/// Source: Shi et al., "Two-stream adaptive graph convolutional networks for skeleton-based action recognition", 2019.
public struct AGCN {
  private let norm: BodyNorm
  private let blocks: [Block]
  /// Numbers in a feature.
  public let featureCount: Int

  /// A backbone whose parameters are below `scope`: `data_bn.weight`, `l1.gcn1.PA`, …
  public init(
    _ scope: Scope, bodies: Int, _ graph: SkeletonGraph,
    blocks sizes: [GraphBlockSize] = GraphBlockSize.published()
  ) {
    norm = BodyNorm(
      scope / "data_bn", bodies: bodies, joints: graph.joints, coordinates: sizes[0].inputs)
    blocks = sizes.enumerated().map { number, size in
      Block(scope / "l\(number + 1)", size, graph, isFirst: number == 0)
    }
    featureCount = sizes[sizes.count - 1].outputs
  }

  /// Clips (N, M, T, V, C) as maps (N, M, T', V, D).
  public func map(_ x: Tensor, _ pass: Pass) -> Tensor {
    let y = blocks.reduce(norm(x, pass)) { $1($0, pass) }
    return y.reshaped([x.shape[0], x.shape[1]] + y.shape.dropFirst())
  }

  /// Clips (N, M, T, V, C) as features (N, D).
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { BodyMap.pooled(map(x, pass)) }

  private struct Block {
    let spatial: AdaptiveGraphConvolution
    let temporal: NormalizedConvolution
    let residual: GraphResidual

    init(_ scope: Scope, _ size: GraphBlockSize, _ graph: SkeletonGraph, isFirst: Bool) {
      spatial = AdaptiveGraphConvolution(scope / "gcn1", from: size.inputs, to: size.outputs, graph)
      temporal = NormalizedConvolution(
        scope / "tcn1", from: size.outputs, to: size.outputs, frames: 9, stride: size.stride)
      residual = GraphResidual(scope / "residual", size, isFirst: isFirst)
    }

    func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
      residual.added(to: temporal(spatial(x, pass), pass), x, pass).relu()
    }
  }
}

/// The graph convolution of 2s-AGCN: (N, T, V, C) to (N, T, V, O). For each kind k of neighbours
///
///     G_k = softmax_v(Σ_{t,c} a_k[t, v, c] b_k[t, w, c] / (R T)) + A_k + P_k,   y = Σ_k W_k (x G_k) + b_k
struct AdaptiveGraphConvolution {
  private let queries: [Convolution]  // a_k
  private let keys: [Convolution]  // b_k
  private let outputs: [Convolution]  // W_k
  private let learned: Parameter  // P, (K, V, V)
  private let norm: BatchNorm1d
  private let down: (Convolution, BatchNorm1d)?
  private let graph: SkeletonGraph

  init(_ scope: Scope, from inputs: Int, to outputs: Int, _ graph: SkeletonGraph) {
    let kinds = 0..<graph.kinds
    func layers(_ name: String, to count: Int, _ start: ConvolutionStart) -> [Convolution] {
      kinds.map { Convolution(scope / name / "\($0)", from: inputs, to: count, start: start) }
    }
    learned = scope.parameter("PA", shape: graph.matrices.shape, initialise: constant(1e-6))
    queries = layers("conv_a", to: outputs / 4, .kaimingFanOut)
    keys = layers("conv_b", to: outputs / 4, .kaimingFanOut)
    let deviation = (2 / Float(outputs * inputs * graph.kinds)).squareRoot()
    self.outputs = layers("conv_d", to: outputs, .gaussian(deviation))
    // A block starts as its way around.
    norm = BatchNorm1d(scope / "bn", features: outputs, weight: constant(1e-6))
    down = GraphResidual.projection(scope / "down", from: inputs, to: outputs)
    self.graph = graph
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let (n, t, v, c) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let kinds = graph.kinds
    let layers = queries + keys
    let size = layers[0].weight.value.shape[0]  // R
    // All embeddings are one product; then (2 K, N, V, T R).
    let embedded = x.convolved(
      .concatenated(layers.map(\.weight.value), axis: 0), bias: .concatenated(layers.biases, axis: 0)
    ).reshaped([n, t, v, 2 * kinds, size]).permuted([3, 0, 2, 1, 4]).reshaped([2 * kinds, n, v, t * size])
    let (a, b) = (embedded.sliced(axis: 0, 0..<kinds), embedded.sliced(axis: 0, kinds..<2 * kinds))
    // (K, N, W, V): the softmax runs over sources.
    let alike = (b.batchedMatmul(a, otherTransposed: true) * (1 / Float(size * t))).softmax()
    let fixed = (graph.matrices + learned.value).permuted([0, 2, 1]).reshaped([kinds, 1, v, v])
    let graphs = (alike + fixed).permuted([1, 2, 0, 3]).reshaped([n, v * kinds, v])
    let sent = graphs.batchedMatmul(x).reshaped([n, t, v, kinds * c])
    // All kinds are one product of depth K C; their biases add up.
    let weight = Tensor.concatenated(outputs.map(\.weight.value), axis: 1)
    let biases = outputs.biases
    let y = sent.convolved(weight, bias: biases.dropFirst().reduce(biases[0], +))
    return (norm(y, pass) + (down.map { $1($0(x), pass) } ?? x)).relu()
  }
}

extension [Convolution] {
  /// The layers' biases.
  var biases: [Tensor] { compactMap(\.bias?.value) }
}
