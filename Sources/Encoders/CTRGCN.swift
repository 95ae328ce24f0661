import NN
import TensorCore

/// Channel-wise topology refinement graph convolutional network: each channel has a graph of its own, made of the body's
/// and of what the clip's joints are to each other.
///
/// Clips (N, M, T, V, C) become maps (N, M, ⌈T / 4⌉, V, D). Tensors are named as in the released code.
///
/// Source: Chen et al., "Channel-wise topology refinement graph convolution for skeleton-based action recognition", 2021.
public struct CTRGCN {
  private let norm: BodyNorm
  private let blocks: [Block]
  /// Numbers in a feature.
  public let featureCount: Int

  /// A backbone whose parameters are below `scope`: `data_bn.weight`, `l1.gcn1.convs.0.conv1.weight`, …
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
    let spatial: ChannelGraphConvolution
    let temporal: MultiScaleConvolution
    let residual: GraphResidual

    init(_ scope: Scope, _ size: GraphBlockSize, _ graph: SkeletonGraph, isFirst: Bool) {
      spatial = ChannelGraphConvolution(scope / "gcn1", from: size.inputs, to: size.outputs, graph)
      temporal = MultiScaleConvolution(scope / "tcn1", channels: size.outputs, stride: size.stride)
      residual = GraphResidual(scope / "residual", size, isFirst: isFirst)
    }

    func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
      residual.added(to: temporal(spatial(x, pass), pass), x, pass).relu()
    }
  }
}

/// The graph convolution of CTR-GCN: (N, T, V, C) to (N, T, V, O). With u, w the convolutions of the mean over time, for
/// each kind k of neighbours
///
///     R_k[a, b] = α W⁴_k tanh(u_k[a] - w_k[b]) + P_k[a, b],   y[t, a] = Σ_k Σ_b R_k[a, b] ∘ (W³_k x[t, b])
///
/// with a the target and b the source. P starts as the body's graphs, whose rows are sources: the released code begins
/// with them turned round.
struct ChannelGraphConvolution {
  private let relations: [(from: Convolution, to: Convolution, out: Convolution)]  // u_k, w_k, W⁴_k
  private let values: [Convolution]  // W³_k
  private let learned: Parameter  // P, (K, V, V)
  private let strength: Parameter  // α, (1)
  private let norm: BatchNorm1d
  private let down: (Convolution, BatchNorm1d)?

  init(_ scope: Scope, from inputs: Int, to outputs: Int, _ graph: SkeletonGraph) {
    // The released code names 3 and 9; fewer than 8 would leave none.
    let size = inputs < 8 || inputs == 9 ? 8 : inputs / 8
    var relations: [(Convolution, Convolution, Convolution)] = []
    var values: [Convolution] = []
    for kind in 0..<graph.kinds {
      let place = scope / "convs" / "\(kind)"
      func layer(_ name: String, _ inputs: Int, _ outputs: Int) -> Convolution {
        Convolution(place / name, from: inputs, to: outputs, start: .kaimingFanOut)
      }
      let (u, w) = (layer("conv1", inputs, size), layer("conv2", inputs, size))
      values.append(layer("conv3", inputs, outputs))
      relations.append((u, w, layer("conv4", size, outputs)))
    }
    (self.relations, self.values) = (relations.map { (from: $0, to: $1, out: $2) }, values)
    learned = scope.parameter("PA", shape: graph.matrices.shape) { _, _ in graph.matrices.values }
    strength = scope.parameter("alpha", shape: [1], initialise: constant(0))
    norm = BatchNorm1d(scope / "bn", features: outputs, weight: constant(1e-6))
    down = GraphResidual.projection(scope / "down", from: inputs, to: outputs)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let (n, t, v, _) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let (kinds, outputs) = (values.count, values[0].weight.value.shape[0])
    // A convolution of one frame and one joint may come after the mean over time.
    let mean = x.mean(axes: [1], keepingAxes: true)  // (N, 1, V, C)
    let refined = relations.map { layers -> Tensor in
      let (u, w) = (layers.from(mean), layers.to(mean))  // (N, 1, V, R)
      let size = u.shape[3]
      let relation = (u.reshaped([n, v, 1, size]) - w.reshaped([n, 1, v, size])).tanh()  // (N, V, V, R)
      let bias = layers.out.bias.map { $0.value * strength.value }
      return relation.convolved(layers.out.weight.value * strength.value, bias: bias)
    }
    // (N, V, V, K, O), and the values alike: sources of all kinds are one axis of V K, over which one product sums.
    let graphs =
      Tensor.concatenated(refined, axis: 3).reshaped([n, v, v, kinds, outputs])
      + learned.value.permuted([1, 2, 0]).reshaped([v, v, kinds, 1])
    let all = x.convolved(
      .concatenated(values.map(\.weight.value), axis: 0), bias: .concatenated(values.biases, axis: 0))
    let y = all.reshaped([n, t, v * kinds, outputs]).spread(
      alongEachChannel: graphs.reshaped([n, v, v * kinds, outputs]))
    return (norm(y, pass) + (down.map { $1($0(x), pass) } ?? x)).relu()
  }
}

/// Four looks at time side by side, each a quarter of the channels: two dilated convolutions, a maximum, and none.
///
/// (N, T, V, C) to (N, T', V, C).
struct MultiScaleConvolution {
  private typealias Reduction = (convolution: Convolution, norm: BatchNorm1d)
  private let reductions: [Reduction]
  private let convolutions: [NormalizedConvolution]
  private let poolNorm: BatchNorm1d
  private let plain: Reduction
  private let stride: Int

  init(_ scope: Scope, channels: Int, stride: Int) {
    let width = channels / 4
    let branches = scope / "branches"
    func reduction(_ number: Int, stride: Int = 1) -> Reduction {
      let branch = branches / "\(number)"
      return (
        Convolution(
          branch / "0", from: channels, to: width, frames: 1, stride: stride, start: .kaimingFanOut),
        BatchNorm1d(branch / "1", features: width, weight: normal(0.02, mean: 1))
      )
    }
    reductions = (0..<3).map { reduction($0) }
    convolutions = [1, 2].enumerated().map { number, dilation in
      NormalizedConvolution(
        branches / "\(number)" / "3", from: width, to: width, frames: 5, stride: stride, dilation: dilation,
        normWeight: normal(0.02, mean: 1))
    }
    poolNorm = BatchNorm1d(branches / "2" / "4", features: width, weight: normal(0.02, mean: 1))
    plain = reduction(3, stride: stride)
    self.stride = stride
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let reduced = reductions.map { $0.norm($0.convolution(x), pass).relu() }
    let pooled = reduced[2].maxPooled(axis: 1, size: 3, stride: stride, padding: 1)
    return .concatenated(
      [
        convolutions[0](reduced[0], pass), convolutions[1](reduced[1], pass), poolNorm(pooled, pass),
        plain.norm(plain.convolution(x), pass),
      ], axis: 3)
  }
}
