import Skeleton

extension Clip {
  /// Fills the frames at a body's end in which it is absent with the body's own frames, from its first on, in a loop.
  ///
  /// Each body for itself. A body that is absent in the first frame is first moved to the front, its absent frames
  /// left out; other gaps stay. So a second person who comes late starts at frame 0, out of step with the first: what
  /// the reference does, and every accuracy published on its data.
  mutating func closeGaps() {
    for body in 0..<Clip.bodyCount {
      let present = (0..<frameCount).filter { !isAbsent(body: body, frame: $0) }
      guard let first = present.first, let last = present.last else { continue }
      let kept = first == 0 ? Array(0...last) : present
      guard kept.count < frameCount else { continue }
      let before = self
      for frame in 0..<frameCount {
        copy(body: body, frame: kept[frame % kept.count], of: before, toFrame: frame)
      }
    }
  }

  private mutating func copy(body: Int, frame source: Int, of clip: Clip, toFrame target: Int) {
    let from = Clip.coordinate(frame: source, body: body)
    let to = Clip.coordinate(frame: target, body: body)
    for offset in 0..<Clip.bodyStride { joints[to + offset] = clip.joints[from + offset] }
    let seenFrom = Clip.visibility(frame: source, body: body)
    let seenTo = Clip.visibility(frame: target, body: body)
    for joint in 0..<Clip.jointCount { visible[seenTo + joint] = clip.visible[seenFrom + joint] }
  }
}
