import Skeleton
import TensorCore

/// Joints of both bodies that are hidden in a frame, other ones in each.
///
/// Source: Zhang et al., "Hierarchical consistent contrastive learning for skeleton-based action recognition with growing
/// augmentations" (AAAI 2023), whose released code hides ⌊25 · 0.1⌋ joints of each frame, the same in all of a batch.
public struct JointFrameMask: Sendable, Equatable {
  /// The joints that are hidden in each frame.
  public let hidden: [[Int]]

  /// These joints of each frame.
  public init(hidden: [[Int]]) { self.hidden = hidden }

  /// Draws `count` different joints for each frame.
  public init(frames: Int, count: Int, _ random: inout KeyedRandom) {
    hidden = (0..<frames).map { _ in random.choose(count, of: Kinect25.jointCount) }
  }

  /// 1 where visible, 0 where hidden, (T, 150).
  public var values: Tensor {
    var values = [Float](repeating: 1, count: hidden.count * SkeletonClip.width)
    for (frame, joints) in hidden.enumerated() {
      for joint in joints {
        for offset in 0..<6 { values[frame * SkeletonClip.width + joint * 6 + offset] = 0 }
      }
    }
    return Tensor(values, shape: [hidden.count, SkeletonClip.width])
  }
}

extension ViewPlan {
  /// Adds a mask that the batch shares, 1 where visible and 0 where hidden, (T, 150), see ``JointFrameMask``.
  public mutating func jointFrameMask(_ name: String, frames: Int, count: Int) -> View<Tensor> {
    add { draw, _ in
      var random = draw.random(name)
      return JointFrameMask(frames: frames, count: count, &random).values
    }
  }
}
