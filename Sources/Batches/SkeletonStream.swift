import Skeleton

/// What is read from a skeleton: positions, bones or displacements. Bones and motion are derived as batches are
/// made, after the augmentations and before anything is mixed, cut or hidden, and never stored.
public enum SkeletonStream: String, CaseIterable, Sendable {
  /// The joints' positions.
  case joint
  /// Each joint minus the joint its bone starts from; the root's bone is 0.
  case bone
  /// Each frame's positions minus those of the frame before; the last frame is 0.
  case motion

  /// The stream of a clip, of the same shape.
  public func derived(from clip: SkeletonClip) -> SkeletonClip {
    let (width, values) = (SkeletonClip.width, clip.values)
    switch self {
    case .joint: return clip
    case .bone:
      var result = [Float](repeating: 0, count: values.count)  // (T, V, C, M)
      for frame in stride(from: 0, to: values.count, by: width) {
        for (joint, parent) in Kinect25.parents.enumerated() {
          for offset in 0..<6 {
            result[frame + joint * 6 + offset] =
              values[frame + joint * 6 + offset] - values[frame + parent * 6 + offset]
          }
        }
      }
      return SkeletonClip(values: result)
    case .motion:
      var result = [Float](repeating: 0, count: values.count)  // (T, V, C, M)
      for index in 0..<max(values.count - width, 0) { result[index] = values[index + width] - values[index] }
      return SkeletonClip(values: result)
    }
  }
}
