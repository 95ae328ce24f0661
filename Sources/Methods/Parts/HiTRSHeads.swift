import Encoders
import NN
import TensorCore

/// What the levels of a Hi-TRS are asked in pre-training, each by one linear layer that starts as PyTorch's.
///
/// Source: Chen et al., "Hierarchically self-supervised transformer for human skeleton representation learning", 2022,
/// as the released code has it.
public struct HiTRSHeads {
  /// Where a joint was: (…, D) to (…, C). `s_pose_reg`.
  public let pose: Linear
  /// Whether a clip's frames are in order, class 1, or two of them changed places: (…, 2 D) to (…, 2). `c_motion_cls`.
  public let clipOrder: Linear
  /// The same of a video's clips: (…, 4 D) to (…, 2). `v_motion_cls`.
  public let videoOrder: Linear
  /// What clip comes next: (…, 4 D) to (…, 2 D). `v_ft_reg`.
  public let nextClip: Linear

  /// Heads for levels of these sizes.
  public init(_ scope: Scope, _ size: HiTRS.Size) {
    pose = Linear(scope / "s_pose_reg", from: size.width, to: size.channels)
    clipOrder = Linear(scope / "c_motion_cls", from: 2 * size.width, to: 2)
    videoOrder = Linear(scope / "v_motion_cls", from: 4 * size.width, to: 2)
    nextClip = Linear(scope / "v_ft_reg", from: 4 * size.width, to: 2 * size.width)
  }
}
