import Skeleton

/// The steps of profiles that decide which frames and bodies stay.
extension FramePlan {
  /// Forgets all frames from this one on.
  mutating func cut(toFrames limit: Int) {
    guard frameCount > limit else { return }
    // Empty frames at the end are no loss of what was recorded.
    repairs.insert((limit..<frameCount).allSatisfy(isEmpty) ? .droppedFrames : .cut)
    keepFrames { $0 < limit }
  }

  /// Fills the frames at a body's end in which it is absent with the body's own frames, from its first on, in a loop.
  ///
  /// Each body for itself. A body that is absent in the first frame is first moved to the front, its absent frames
  /// left out; other gaps stay. So a second person who comes late starts at frame 0, out of step with the first: what
  /// the reference does, and every accuracy published on its data.
  mutating func closeGaps() {
    loops = [0, 0]
    for body in 0..<Clip.bodyCount {
      let present = (0..<frameCount).filter { !isAbsent(frame: $0, body: body) }
      guard let first = present.first, let last = present.last else { continue }
      let kept = (first == 0 ? Array(0...last) : present).map { self[frame: $0, body: body] }
      loops[body] = kept.count
      guard kept.count < frameCount else { continue }
      for frame in 0..<frameCount { self[frame: frame, body: body] = kept[frame % kept.count] }
      repairs.insert(.filledGaps)
      if first > 0 { repairs.insert(.bodyMoved) }
    }
  }

  /// Forgets the frames in which neither body is seen; the bodies stay in step.
  mutating func dropEmptyFrames() {
    let count = frameCount
    keepFrames { [plan = self] in !plan.isEmpty(frame: $0) }
    if frameCount < count { repairs.insert(.droppedFrames) }
  }

  /// Forgets the frames before the first and after the last in which a body is seen.
  mutating func trimEmptyEnds() {
    let seen = (0..<frameCount).filter { !isEmpty(frame: $0) }
    guard let first = seen.first, let last = seen.last, last - first + 1 < frameCount else { return }
    keepFrames { (first...last).contains($0) }
    repairs.insert(.droppedFrames)
  }

  /// Makes the second body the first if it alone is in the first frame.
  mutating func putEarlierBodyFirst() {
    if frameCount > 0, isAbsent(frame: 0, body: 0), !isAbsent(frame: 0, body: 1) { swapBodies() }
  }

  /// Makes the body that is in more frames the first, and forgets all frames in which it is absent.
  ///
  /// What the other body did meanwhile is lost with them.
  mutating func keepFramesOfFullerBody() {
    let counts = (0..<Clip.bodyCount).map { body in
      (0..<frameCount).count { !isAbsent(frame: $0, body: body) }
    }
    if counts[1] > counts[0] { swapBodies() }
    let lost = (0..<frameCount).filter { isAbsent(frame: $0, body: 0) }
    if lost.contains(where: isEmpty) { repairs.insert(.droppedFrames) }
    if !lost.allSatisfy(isEmpty) { repairs.insert(.cut) }
    keepFrames { [plan = self] in !plan.isAbsent(frame: $0, body: 0) }
  }

  /// Keeps as many frames, from the first on, as there are in which this joint of the first body was seen.
  ///
  /// With a gap in the middle that is fewer than the recording lasts, and its end is lost.
  mutating func keepCount(ofFramesWithJoint joint: Int, of recording: Recording) {
    let seen = (0..<frameCount).count { frame in
      let body = self[frame: frame, body: 0]
      guard body >= 0 else { return false }
      let place = body * Clip.bodyStride + joint * Kinect25.coordinateCount
      return (place..<(place + Kinect25.coordinateCount)).contains { Float(recording.joints[$0]) != 0 }
    }
    cut(toFrames: seen)
  }

  /// Gives a person who was alone a double as second body.
  ///
  /// Where two persons were found and merged into one the second body stays absent, as in the reference.
  mutating func copyLoneBody() {
    guard isLone else { return }
    for frame in 0..<frameCount { self[frame: frame, body: 1] = self[frame: frame, body: 0] }
  }
}
