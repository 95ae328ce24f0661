import Skeleton

extension Clip {
  /// Moves every frame so that the joint of the first body is at the origin; walking becomes walking in place.
  ///
  /// Joints that were not seen are at the origin too. Where the first body is absent nothing is moved.
  mutating func centre(onJoint joint: Int) {
    for frame in 0..<frameCount {
      let centre = Clip.coordinate(frame: frame, body: 0, joint: joint)
      let (x, y, z) = (joints[centre], joints[centre + 1], joints[centre + 2])
      for body in 0..<Clip.bodyCount {
        let seen = Clip.visibility(frame: frame, body: body)
        for joint in 0..<Clip.jointCount {
          let place = Clip.coordinate(frame: frame, body: body, joint: joint)
          let isSeen = visible[seen + joint] != 0
          joints[place] = isSeen ? joints[place] - x : 0
          joints[place + 1] = isSeen ? joints[place + 1] - y : 0
          joints[place + 2] = isSeen ? joints[place + 2] - z : 0
        }
      }
    }
  }
}
