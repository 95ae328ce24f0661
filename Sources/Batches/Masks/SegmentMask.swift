import Skeleton

/// Which coordinates the masked view hides: in each of 8 segments of time, some of the five body parts.
///
/// The mask is drawn once and shared by the batch, and the second body is never hidden, as in PCM3's released code
/// (`Jointmask3`); the paper says "segment-wise masking strategy at body part level".
public struct SegmentMask: Sendable, Equatable {
  /// Segments of time in a clip.
  public static let segmentCount = 8

  /// 1 where visible, 0 where hidden, (T, V, C, M).
  public let values: [Float]

  /// Draws a mask for clips of `frameCount` frames, a multiple of 8, that hides ⌊5 · ratio⌋ parts in each segment.
  public init(frameCount: Int, ratio: Float, _ random: inout KeyedRandom) {
    precondition(
      frameCount.isMultiple(of: SegmentMask.segmentCount), "\(frameCount) frames are no multiple of 8")
    let width = SkeletonClip.width
    let length = frameCount / SegmentMask.segmentCount
    // The small term keeps products such as 5 · 0.6 from falling below their whole number.
    let hidden = Int(Float(Kinect25.parts.count) * ratio + 1e-4)
    var values = [Float](repeating: 1, count: frameCount * width)  // (T, V, C, M)
    for segment in 0..<SegmentMask.segmentCount {
      for part in random.choose(hidden, of: Kinect25.parts.count) {
        for frame in (segment * length)..<((segment + 1) * length) {
          for joint in Kinect25.parts[part].joints {
            let at = frame * width + SkeletonClip.offset(joint: joint, body: 0)
            (values[at], values[at + 2], values[at + 4]) = (0, 0, 0)
          }
        }
      }
    }
    self.values = values
  }
}
