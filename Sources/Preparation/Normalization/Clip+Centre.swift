import Skeleton

/// Where the origin is. Joints that were not seen are at the origin, before and after.
extension Clip {
  /// Moves every frame so that the joint of the first body is at the origin; walking becomes walking in place.
  ///
  /// Where the first body is absent nothing is moved.
  mutating func centre(onJoint joint: Int) {
    origins = (0..<frameCount).map { coordinates(frame: $0, body: 0, joint: joint) }
    for (frame, origin) in origins.enumerated() {
      for body in 0..<Clip.bodyCount { move(frame: frame, body: body, by: origin) }
    }
  }

  /// The same, but where the first body's joint was not seen the origin is the place it was last seen at.
  ///
  /// Before it was seen for the first time, that place. So the second body does not jump when the first is lost.
  mutating func centreHolding(joint: Int) {
    let isSeen = { [visible] frame in visible[Clip.visibility(frame: frame, body: 0, joint: joint)] != 0 }
    guard let first = (0..<frameCount).first(where: isSeen) else { return }
    var origin = coordinates(frame: first, body: 0, joint: joint)
    for frame in 0..<frameCount {
      if isSeen(frame) { origin = coordinates(frame: frame, body: 0, joint: joint) }
      for body in 0..<Clip.bodyCount { move(frame: frame, body: body, by: origin) }
    }
  }

  /// Moves all frames alike so that the joint is at the origin in the first frame that has the first body.
  ///
  /// Walking stays walking.
  mutating func centreOnFirstFrame(joint: Int) {
    guard let first = firstFrame(ofBody: 0) else { return }
    let origin = coordinates(frame: first, body: 0, joint: joint)
    for frame in 0..<frameCount {
      for body in 0..<Clip.bodyCount { move(frame: frame, body: body, by: origin) }
    }
  }

  /// Moves each body of each frame so that its own joint is at the origin; what is between the bodies is lost.
  mutating func centreEachBody(joint: Int) {
    for frame in 0..<frameCount {
      for body in 0..<Clip.bodyCount {
        move(frame: frame, body: body, by: coordinates(frame: frame, body: body, joint: joint))
      }
    }
  }

  /// The first frame in which the body is seen.
  func firstFrame(ofBody body: Int) -> Int? { (0..<frameCount).first { !isAbsent(body: body, frame: $0) } }

  /// Metres.
  func coordinates(frame: Int, body: Int, joint: Int) -> SIMD3<Float> {
    let place = Clip.coordinate(frame: frame, body: body, joint: joint)
    return SIMD3(joints[place], joints[place + 1], joints[place + 2])
  }

  /// Subtracts the origin from the joints that were seen, and puts the others at 0.
  private mutating func move(frame: Int, body: Int, by origin: SIMD3<Float>) {
    var place = Clip.coordinate(frame: frame, body: body)
    let seen = Clip.visibility(frame: frame, body: body)
    for joint in 0..<Clip.jointCount {
      let isSeen = visible[seen + joint] != 0
      joints[place] = isSeen ? joints[place] - origin.x : 0
      joints[place + 1] = isSeen ? joints[place + 1] - origin.y : 0
      joints[place + 2] = isSeen ? joints[place + 2] - origin.z : 0
      place += Kinect25.coordinateCount
    }
  }
}
