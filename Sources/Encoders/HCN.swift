import NN
import TensorCore

/// The size of an HCN.
public struct HCNSettings: Sendable, Equatable {
  /// T, a multiple of 16.
  public var frames = 64
  /// Coordinates of a joint, C.
  public var coordinates = 3
  /// Channels of the first convolution; the third has half as many, the last two twice and four times.
  public var width = 64
  /// How probable it is that a channel is left out in training.
  public var dropout: Float = 0.5

  /// The published size, 519,424 parameters for 25 joints.
  public init() {}

  /// Numbers in a feature, 4 width (T / 16)².
  public var features: Int { 4 * width * (frames / 16) * (frames / 16) }
}

/// Hierarchical co-occurrence network: convolutions to which first coordinates and then joints are the channels, so that
/// each output of the latter reads all joints of the body.
///
/// Clips (N, M, T, V, C) become features (N, D), D = 4 width (T / 16)², by channel, row and column: 4096 for 64 frames.
/// Positions and displacements have layers of their own; of the bodies' maps the larger numbers are taken. Tensors are
/// named as in the released code: `conv1.0`, `conv2`, `conv3.0`, `conv4.0`, the same with an m for displacements
/// (`conv1m.0`), `conv5.0`, `conv6.0`.
///
/// Weights start as U(±√(6 / (inputs + outputs))), biases as 0.
///
/// Source: Li et al., "Co-occurrence feature learning from skeleton data for action recognition and detection with
/// hierarchical aggregation", 2018; as the image encoder of Thoker, Doughty and Snoek, "Skeleton-contrastive 3D action
/// representation learning", 2021, has it.
public struct HCN {
  private let positions: Branch
  private let displacements: Branch
  private let top: [(convolution: Convolution, dropout: ChannelDropout)]
  private let settings: HCNSettings
  /// Numbers in a feature.
  public var featureCount: Int { settings.features }

  /// A backbone for bodies of `joints` joints whose parameters are below `scope`.
  public init(_ scope: Scope, _ settings: HCNSettings = HCNSettings(), joints: Int) {
    precondition(
      settings.frames % 16 == 0 && settings.frames > 0, "\(settings.frames) frames are no multiple of 16")
    self.settings = settings
    positions = Branch(scope, suffix: "", joints: joints, settings)
    displacements = Branch(scope, suffix: "m", joints: joints, settings)
    let width = settings.width
    top = [("conv5", 2 * width), ("conv6", 4 * width)].map { name, outputs in
      (
        .coOccurrence(scope / name / "0", from: 2 * width, to: outputs, kernel: (3, 3)),
        ChannelDropout(scope / name / "2", share: settings.dropout)
      )
    }
  }

  /// Clips (N, M, T, V, C) as features (N, D).
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let (n, m, t, v, c) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3], x.shape[4])
    precondition(t == settings.frames, "clips of shape \(x.shape) for \(settings.frames) frames")
    let frames = x.reshaped([n * m, t, v, c])
    let moved = frames.sliced(axis: 1, 1..<t) - frames.sliced(axis: 1, 0..<t - 1)
    let branches = [positions(frames, pass), displacements(moved.stretched(to: t), pass)]
    let map = top.reduce(Tensor.concatenated(branches, axis: 3)) { map, layer in
      layer.dropout(layer.convolution(map).relu(), pass).halved()
    }
    return map.reshaped([n, m] + map.shape.dropFirst()).max(axes: [1]).permuted([0, 3, 1, 2])
      .reshaped([n, featureCount])
  }

  /// (B, T, V, C) to (B, T / 4, T / 4, width). The second convolution has T channels, which take the joints' place on the
  /// second axis when those become the channels.
  private struct Branch {
    let points: (Convolution, Convolution)
    let joints: (Convolution, Convolution)
    let dropout: ChannelDropout

    init(_ scope: Scope, suffix: String, joints count: Int, _ settings: HCNSettings) {
      let (frames, width) = (settings.frames, settings.width)
      points = (
        .coOccurrence(scope / "conv1\(suffix)" / "0", from: settings.coordinates, to: width, kernel: (1, 1)),
        .coOccurrence(scope / "conv2\(suffix)", from: width, to: frames, kernel: (3, 1))
      )
      let last = scope / "conv4\(suffix)"
      joints = (
        .coOccurrence(scope / "conv3\(suffix)" / "0", from: count, to: width / 2, kernel: (3, 3)),
        .coOccurrence(last / "0", from: width / 2, to: width, kernel: (3, 3))
      )
      dropout = ChannelDropout(last / "1", share: settings.dropout)
    }

    func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
      let local = points.1(points.0(x).relu()).permuted([0, 1, 3, 2])  // (B, T, T channels, V)
      return dropout(joints.1(joints.0(local).halved()), pass).halved()
    }
  }
}

extension Convolution {
  /// A convolution that keeps both axes' lengths.
  fileprivate static func coOccurrence(
    _ scope: Scope, from inputs: Int, to outputs: Int, kernel: (Int, Int)
  ) -> Convolution {
    Convolution(
      scope, from: inputs, to: outputs, kernel: kernel,
      Window(padding: ((kernel.0 - 1) / 2, (kernel.1 - 1) / 2)), start: .xavierUniform)
  }
}

extension Tensor {
  /// The largest number of each square of four: (B, H, W, C) to (B, ⌊H / 2⌋, ⌊W / 2⌋, C).
  fileprivate func halved() -> Tensor {
    maxPooled(axis: 2, size: 2, stride: 2).maxPooled(axis: 1, size: 2, stride: 2)
  }

  /// (B, S, V, C) linearly resampled to `count` frames: frame i stands at (i + ½) S / count - ½, not before the first and
  /// not after the last frame.
  fileprivate func stretched(to count: Int) -> Tensor {
    let last = shape[1] - 1
    let places = (0..<count).map { Swift.max((Float($0) + 0.5) * (Float(last + 1) / Float(count)) - 0.5, 0) }
    let lower = places.map { Swift.min(Int($0), last) }
    let shares = Tensor(zip(places, lower).map { $0 - Float($1) }, shape: [count, 1, 1])
    let from = gathered(axis: 1, lower)
    let to = gathered(axis: 1, lower.map { Swift.min($0 + 1, last) })
    return from * (Tensor(scalar: 1) - shares) + to * shares
  }
}
