import Shards
import Skeleton

/// The frames of one sample in the order that encoders read them.
///
/// A frame is 150 numbers, joint·6 + coordinate·2 + body, the flat order of the published models; shards keep the
/// bodies outermost instead, because most recordings leave the second one empty and that compresses better.
public struct SkeletonClip: Sendable, Equatable {
  /// Numbers in a frame: V · C · M = 25 · 3 · 2.
  public static let width = Kinect25.jointCount * Kinect25.coordinateCount * Kinect25.bodyCount

  /// The coordinates in metres, (T, V, C, M) row by row.
  public var values: [Float]

  /// The number of frames, axis T.
  public var frameCount: Int { values.count / SkeletonClip.width }

  /// A clip of values in (T, V, C, M) order.
  public init(values: [Float]) {
    precondition(
      values.count.isMultiple(of: SkeletonClip.width), "\(values.count) values are no whole frames")
    self.values = values
  }

  /// The frames of one sample of a shard.
  public init(_ sample: SampleRecord, of shard: Shard) {
    self.init(frames: shard.frames, from: sample.start, count: sample.length)
  }

  /// Frames as shards have them, (F, M, V, C), turned to (T, V, C, M): `count` from the frame `start` on.
  public init(frames: [Float], from start: Int, count: Int) {
    let (bodies, joints, width) = (Kinect25.bodyCount, Kinect25.jointCount, SkeletonClip.width)
    var values = [Float](repeating: 0, count: count * width)  // (T, V, C, M)
    for frame in 0..<count {
      let source = (start + frame) * width
      let target = frame * width
      for body in 0..<bodies {
        for joint in 0..<joints {
          for axis in 0..<3 {
            values[target + joint * 6 + axis * 2 + body] =
              frames[source + (body * joints + joint) * 3 + axis]
          }
        }
      }
    }
    self.values = values
  }

  /// Where the coordinates of a joint of a body stand in a frame: x here, y 2 further, z 4 further.
  static func offset(joint: Int, body: Int) -> Int { joint * 6 + body }
}
