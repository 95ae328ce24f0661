import NN
import Skeleton
import TensorCore

/// Three transformers, each over what the one before makes: joints of a frame, frames of a clip, clips of a video. Bodies
/// (N, M, T, V, C) become features (N, 4 D).
///
/// Joints are mapped to D numbers, norm GELU(W x + b), and see the other joints of their frame. A clip is w frames, whose
/// joints are mapped to 2 D numbers and see themselves, the joints of the other frames and a token that is learned; that
/// token's output, which sees all, stands for the clip. A video is its clips, mapped to 4 D numbers, with a token of the
/// same kind. A table of positions is added to each level's tokens.
///
/// Linear layers start as PyTorch's, tables as sinusoids (that of a clip has a joint's waves in its first half and a
/// frame's in its second), tokens at U(0, 1). Tensors are named as in the released code.
///
/// Source: Chen et al., "Hierarchically self-supervised transformer for human skeleton representation learning", 2022,
/// as the released code has it.
public struct HiTRS {
  /// Its sizes; defaults are the published ones, 7,051,143 parameters with heads for 25 joints.
  public struct Size: Sendable, Equatable {
    /// V
    public var joints: Int
    /// C
    public var channels = 3
    /// Frames of a clip, w.
    public var window = 7
    /// From one frame of a clip to the next.
    public var dilation = 2
    /// From the start of one clip to that of the next.
    public var stride = 7
    /// Most clips of a video.
    public var clips = 200
    /// Numbers of a joint's token, D.
    public var width = 128
    /// Blocks of each level.
    public var depth = 3
    /// Heads of each attention.
    public var heads = 8
    /// Numbers of a head on every level.
    public var headWidth = 64
    /// How probable it is that a number of a branch is left out in training.
    public var dropout: Float = 0.2

    /// The published sizes for `joints`.
    public init(joints: Int) { self.joints = joints }

    /// Zeros in front of and behind a sequence: half a clip.
    public var padding: Int { window / 2 * dilation }
  }

  /// Its sizes.
  public let size: Size
  private let embedding: (Linear, LayerNorm)
  private let maps: (clip: Linear, video: Linear)
  // (V, D), (w, V, 2 D), (clips, 4 D)
  private let tables: (frame: Parameter, clip: Parameter, video: Parameter)
  private let tokens: (clip: Parameter, video: Parameter)  // (1, 1, 2 D), (1, 1, 4 D)
  private let levels: (frame: [HiTRSBlock], clip: [HiTRSBlock], video: [HiTRSBlock])
  private let clipMask: Tensor  // (1, w V + 1, w V + 1)

  /// Parameters `s_input_map.0`, `s_input_map.2`, `s_pe.pe`, `s_enc.layer_stack.0` and so on; `c_…` and `v_…` alike, with
  /// `clip_fuse_token` and `video_fuse_token`.
  public init(_ scope: Scope, _ size: Size) {
    self.size = size
    let (joints, window, width) = (size.joints, size.window, size.width)
    embedding = (
      Linear(scope / "s_input_map" / "0", from: size.channels, to: width),
      LayerNorm(scope / "s_input_map" / "2", features: width)
    )
    maps = (
      Linear(scope / "c_input_map", from: width, to: 2 * width),
      Linear(scope / "v_input_map", from: 2 * width, to: 4 * width)
    )
    func table(_ level: String, _ shape: [Int], _ start: @autoclosure () -> Tensor) -> Parameter {
      scope.parameter("\(level)_pe.pe", shape: shape) { _, _ in start().values }
    }
    tables = (
      table("s", [joints, width], sinusoids(positions: joints, width: width)),
      table("c", [window, joints, 2 * width], Self.waves(frames: window, joints: joints, width: width)),
      table("v", [size.clips, 4 * width], sinusoids(positions: size.clips, width: 4 * width))
    )
    func token(_ name: String, _ width: Int) -> Parameter {
      scope.parameter(name, shape: [1, 1, width]) { random, shape in
        (0..<shape.reduce(1, *)).map { _ in random.unit() }
      }
    }
    tokens = (token("clip_fuse_token", 2 * width), token("video_fuse_token", 4 * width))
    func level(_ name: String, width: Int, inner: Int) -> [HiTRSBlock] {
      (0..<size.depth).map {
        HiTRSBlock(scope / name / "layer_stack" / "\($0)", size, width: width, inner: inner)
      }
    }
    levels = (
      level("s_enc", width: width, inner: width), level("c_enc", width: 2 * width, inner: width),
      level("v_enc", width: 4 * width, inner: 2 * width)
    )
    clipMask = Self.otherFrames(frames: window, joints: joints).hiding()
  }

  /// Bodies (N, M, T, V, C) as features (N, 4 D): the mean of the bodies' videos, half a clip of zeros around each.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let (n, m, t) = (x.shape[0], x.shape[1], x.shape[2])
    let padded = x.reshaped([n * m, t, size.joints, size.channels])
      .padded(axis: 1, before: size.padding, after: size.padding)
    let windows = size.windows(frames: padded.shape[1])
    let videos = videos(clips(frames(padded, pass), of: windows, pass), pass)
    return videos.reshaped([n, m, 4 * size.width]).mean(axes: [1])
  }

  /// Each frame for itself: (B, T, V, C) to (B, T, V, D).
  public func frames(_ x: Tensor, _ pass: Pass) -> Tensor {
    precondition(
      x.shape.count == 4 && Array(x.shape.suffix(2)) == [size.joints, size.channels],
      "frames of shape \(x.shape) for \(size)")
    let joints = x.reshaped([x.shape[0] * x.shape[1], size.joints, size.channels])
    let tokens = embedding.1(embedding.0(joints).gelu()) + tables.frame.value
    return levels.frame.reduce(tokens) { $1($0, mask: nil, pass) }.reshaped(x.shape.dropLast() + [size.width])
  }

  /// Clips of frames (B, T, V, D), each the numbers of its w frames, the same of all of the batch: (B, clips, 2 D).
  public func clips(_ frames: Tensor, of windows: [[Int]], _ pass: Pass) -> Tensor {
    precondition(
      windows.allSatisfy { $0.count == size.window }, "clips of frames \(windows), not \(size.window) each")
    let (batch, length) = (frames.shape[0], size.window * size.joints)
    let joints = maps.clip(frames.gathered(axis: 1, windows.flatMap(\.self)))
      .reshaped([batch * windows.count, length, 2 * size.width])
    let tokens = joints + tables.clip.value.reshaped([length, 2 * size.width])
    return last(levels.clip, tokens, tokens: self.tokens.clip, mask: clipMask, pass)
      .reshaped([batch, windows.count, 2 * size.width])
  }

  /// Clips (B, clips, 2 D) as videos (B, 4 D).
  ///
  /// - Parameter counts: how many clips each video has, its first; nil where all have all.
  public func videos(_ clips: Tensor, counts: [Int]? = nil, _ pass: Pass) -> Tensor {
    let (batch, length) = (clips.shape[0], clips.shape[1])
    precondition(length <= size.clips, "\(length) clips of at most \(size.clips)")
    let mask = counts.map { counts -> Tensor in
      let shown = Tensor.showing(first: counts, of: length).reshaped([batch, 1, length])
      return Tensor.concatenated([shown, Tensor(scalar: 1).repeated(to: [batch, 1, 1])], axis: 2).hiding()
    }
    let tokens = maps.video(clips) + tables.video.value.sliced(axis: 0, 0..<length)
    return last(levels.video, tokens, tokens: self.tokens.video, mask: mask, pass)
  }

  /// What a level makes of the token behind lists (B, L, W): (B, W).
  private func last(
    _ level: [HiTRSBlock], _ x: Tensor, tokens: Parameter, mask: Tensor?, _ pass: Pass
  ) -> Tensor {
    let (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2])
    let all = Tensor.concatenated([x, tokens.value.repeated(to: [batch, 1, width])], axis: 1)
    return level.reduce(all) { $1($0, mask: mask, pass) }.sliced(axis: 1, length..<length + 1)
      .reshaped([batch, width])
  }
}
