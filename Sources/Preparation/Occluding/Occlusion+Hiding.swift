import Shards
import Skeleton

extension Occlusion.Mask {
  /// Zeroes what is hidden.
  ///
  /// - Parameters:
  ///   - frames: metres, (T, M=2, V=25, C=3).
  ///   - visible: (T, M=2, V=25).
  func hide(in joints: inout [Float], visible: inout [UInt8]) {
    for frame in frames {
      for body in 0..<Clip.bodyCount {
        for joint in self.joints {
          let place = Clip.coordinate(frame: frame, body: body, joint: joint)
          for axis in 0..<Kinect25.coordinateCount { joints[place + axis] = 0 }
          visible[Clip.visibility(frame: frame, body: body, joint: joint)] = 0
        }
      }
    }
  }
}
