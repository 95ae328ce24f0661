import NN
import Skeleton
import TensorCore

/// The size of an ST-GCN.
public struct STGCNSettings: Sendable, Equatable {
  /// Channels of the first four blocks; later ones have twice and four times as many.
  public var hidden = 16
  /// Numbers in a feature, channels of the last block.
  public var features = 256
  /// Frames that a block's temporal convolution sees, odd.
  public var kernel = 9
  /// How much is dropped behind the second and later blocks.
  public var dropout: Float = 0.5
  /// Which joints send to which.
  public var graph = GraphKind.spatial
  /// Coordinates of a joint.
  public var coordinates = 3
  /// How many bodies of a clip are read; 0 for all.
  public var bodies = 0
  /// Whether first values are PyTorch's default rather than those of the contrastive methods: weights N(0, 0.02²), biases
  /// 0 and norms' weights N(1, 0.02²).
  public var hasDefaultStart = false

  /// The encoder of SkeletonCLR, CrosSCLR and AimCLR.
  public init() {}
}

/// Spatial temporal graph convolutional network: ten blocks of a graph convolution and a convolution over time.
///
/// Clips (N, M, T, V, C) become maps (N, M, ⌈T / 4⌉, V, D). Tensors are named as in the released code.
///
/// Source: Yan, Xiong and Lin, "Spatial temporal graph convolutional networks for skeleton-based action recognition",
/// 2018; sizes and start of Li et al., "3D human action representation learning via cross-view consistency pursuit", 2021.
public struct STGCN {
  private let norm: BatchNorm1d
  private let blocks: [Block]
  private let importance: [Parameter]  // (K, V, V) each
  private let graph: SkeletonGraph
  /// Numbers in a feature.
  public let featureCount: Int

  /// A backbone whose parameters are below `scope`: `data_bn.weight`, `st_gcn_networks.0.gcn.conv.weight`, …,
  /// `edge_importance.9`.
  public init(_ scope: Scope, _ settings: STGCNSettings, _ graph: SkeletonGraph) {
    let h = settings.hidden
    let widths = [settings.coordinates, h, h, h, h, 2 * h, 2 * h, 2 * h, 4 * h, 4 * h, settings.features]
    let networks = scope / "st_gcn_networks"
    norm = BatchNorm1d(
      scope / "data_bn", features: graph.joints * settings.coordinates, weight: settings.normWeight)
    blocks = (0..<10).map { number in
      Block(
        networks / "\(number)", from: widths[number], to: widths[number + 1], graphs: graph.kinds,
        stride: number == 4 || number == 7 ? 2 : 1, isFirst: number == 0, settings)
    }
    importance = (0..<10).map { number in
      (scope / "edge_importance").parameter(
        "\(number)", shape: graph.matrices.shape, initialise: constant(1))
    }
    self.graph = graph
    featureCount = settings.features
  }

  /// Clips (N, M, T, V, C) as maps (N, M, T', V, D).
  ///
  /// - Parameter joints: the joints that are left, all where nil. The input's statistics are those of all joints, and
  ///   neighbours send as much as before.
  public func map(_ x: Tensor, joints: [Int]? = nil, _ pass: Pass) -> Tensor {
    let (n, m, t, v, c) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3], x.shape[4])
    var y = norm(x.reshaped([n * m, t, v * c]), pass).reshaped([n * m, t, v, c])
    if let joints { y = y.gathered(axis: 2, joints) }
    for (block, importance) in zip(blocks, importance) {
      let weighted = SkeletonGraph(matrices: graph.matrices * importance.value)
      y = block(y, along: (joints.map(weighted.keeping) ?? weighted).matrices, pass)
    }
    return y.reshaped([n, m] + y.shape.dropFirst())
  }

  /// Clips (N, M, T, V, C) as features (N, D).
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { BodyMap.pooled(map(x, pass)) }

  /// What neighbours send, then a convolution over time, each with its norm, and the input added: (N, T, V, C) to
  /// (N, T', V, O).
  private struct Block {
    let spatial: GraphConvolution
    let temporal: Convolution
    let norms: (BatchNorm1d, BatchNorm1d)
    let dropout: Dropout
    let isResidual: Bool
    let projection: (Convolution, BatchNorm1d)?

    init(
      _ scope: Scope, from inputs: Int, to outputs: Int, graphs: Int, stride: Int, isFirst: Bool,
      _ settings: STGCNSettings
    ) {
      let start = settings.start
      spatial = GraphConvolution(
        scope / "gcn" / "conv", from: inputs, to: outputs, graphs: graphs, start: start)
      let tcn = scope / "tcn"
      norms = (
        BatchNorm1d(tcn / "0", features: outputs, weight: settings.normWeight),
        BatchNorm1d(tcn / "3", features: outputs, weight: settings.normWeight)
      )
      temporal = Convolution(
        tcn / "2", from: outputs, to: outputs, frames: settings.kernel, stride: stride, start: start)
      dropout = Dropout(tcn / "4", share: isFirst ? 0 : settings.dropout)
      isResidual = !isFirst
      let residual = scope / "residual"
      projection =
        isFirst || (inputs == outputs && stride == 1)
        ? nil
        : (
          Convolution(residual / "0", from: inputs, to: outputs, frames: 1, stride: stride, start: start),
          BatchNorm1d(residual / "1", features: outputs, weight: settings.normWeight)
        )
    }

    func callAsFunction(_ x: Tensor, along graph: Tensor, _ pass: Pass) -> Tensor {
      let sent = norms.0(spatial(x, along: graph), pass).relu()
      let y = dropout(norms.1(temporal(sent), pass), pass)
      guard isResidual else { return y.relu() }
      return (y + (projection.map { $1($0(x), pass) } ?? x)).relu()
    }
  }
}

extension STGCNSettings {
  /// How convolutions start.
  var start: ConvolutionStart { hasDefaultStart ? .pytorch : .gaussian(0.02) }
  /// How norms' weights start.
  var normWeight: (inout KeyedRandom, [Int]) -> [Float] {
    hasDefaultStart ? constant(1) : normal(0.02, mean: 1)
  }
}
