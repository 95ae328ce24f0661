import Shards
import Skeleton

extension ViewedPanel.Up {
  /// The axis along which heads are above feet in the first frames of these samples: z where a profile turned them so,
  /// y in the camera's space. Nil where nothing was seen.
  ///
  /// It is the axis whose coordinates vary most with the heights that joints have in a standing person, so that a few
  /// seen joints are enough.
  init?(of clips: some Sequence<StoredClip>) {
    var sum = [Float](repeating: 0, count: Kinect25.coordinateCount)
    for clip in clips {
      for frame in 0..<clip.sample.length {
        let first = Clip.visibility(frame: frame, body: 0)
        let seen = (0..<Clip.jointCount).filter { clip.visible[first + $0] != 0 }
        guard seen.count > 1 else { continue }
        let middle = seen.reduce(Float(0)) { $0 + Self.heights[$1] } / Float(seen.count)
        for joint in seen {
          let place = Clip.coordinate(frame: frame, body: 0, joint: joint)
          for axis in sum.indices { sum[axis] += (Self.heights[joint] - middle) * clip.frames[place + axis] }
        }
        break
      }
    }
    if sum.allSatisfy({ $0 == 0 }) { return nil }
    self = abs(sum[2]) > abs(sum[1]) ? .z : .y
  }

  /// Metres above the floor of the joints of a person who stands with hanging arms, (V=25).
  private static let heights: [Float] = [
    0.93, 1.23, 1.54, 1.69, 1.42, 1.13, 0.88, 0.81, 1.42, 1.13, 0.88, 0.81, 0.91, 0.48, 0.08, 0.03, 0.91,
    0.48, 0.08,
    0.03, 1.46, 0.73, 0.80, 0.73, 0.80,
  ]
}
