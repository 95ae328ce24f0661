import Shards
import Skeleton

/// How often joints are seen.
struct JointVisibility: Sendable {
  /// Frames of the bodies that samples keep: two for each frame of a sample of two.
  private(set) var bodyFrames = 0
  /// Those in which a joint of the body is seen.
  private(set) var presentFrames = 0
  /// In how many of those each joint is seen, (V=25).
  private(set) var seen = [Int](repeating: 0, count: Kinect25.jointCount)

  /// Counts the samples of a shard.
  mutating func add(_ shard: ShardOutline) {
    for sample in shard.samples {
      bodyFrames += sample.length * sample.bodies
      for body in 0..<sample.bodies {
        for row in sample.rows { add(shard.visible, from: Clip.visibility(frame: row, body: body)) }
      }
    }
  }

  private mutating func add(_ visible: [UInt8], from first: Int) {
    var count = 0
    for joint in 0..<Kinect25.jointCount {
      let flag = Int(visible[first + joint])
      seen[joint] += flag
      count += flag
    }
    presentFrames += count > 0 ? 1 : 0
  }

  /// The share of the body-frames in which anything is seen.
  var presentShare: Double { bodyFrames == 0 ? 0 : Double(presentFrames) / Double(bodyFrames) }

  /// For each joint the share of those in which it is seen, (V=25).
  var jointShares: [Double] {
    seen.map { presentFrames == 0 ? 0 : Double($0) / Double(presentFrames) }
  }
}
