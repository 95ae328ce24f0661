import Skeleton

extension Clip {
  /// Stretches or shrinks time to this many frames, linearly between neighbours, as `cv2.resize` does.
  ///
  /// New frame t is at (t + 0.5) · T / count − 0.5 of the old ones; beyond the ends stand the end frames. An absent
  /// body is at 0, so a body that comes or goes shrinks between two frames, as in the reference. A joint of which
  /// either frame that takes part was seen counts as seen.
  mutating func resize(toFrames count: Int) {
    guard frameCount > 0 else { return }
    let old = self
    self = Clip(frameCount: count)
    let step = Double(old.frameCount) / Double(count)
    for frame in 0..<count {
      let place = Float((Double(frame) + 0.5) * step - 0.5)
      let floor = place.rounded(.down)
      let share = place - floor
      let low = min(max(Int(floor), 0), old.frameCount - 1)
      let high = min(max(Int(floor) + 1, 0), old.frameCount - 1)
      blend(old, frames: low, share > 0 ? high : low, share: share, into: frame)
    }
  }

  /// (1 − share) of one frame and the share of another.
  private mutating func blend(_ old: Clip, frames low: Int, _ high: Int, share: Float, into frame: Int) {
    let (a, b, c) = (
      Clip.coordinate(frame: low, body: 0), Clip.coordinate(frame: high, body: 0),
      Clip.coordinate(frame: frame, body: 0)
    )
    for offset in 0..<(Clip.bodyCount * Clip.bodyStride) {
      joints[c + offset] = old.joints[a + offset] * (1 - share) + old.joints[b + offset] * share
    }
    let (d, e, f) = (
      Clip.visibility(frame: low, body: 0), Clip.visibility(frame: high, body: 0),
      Clip.visibility(frame: frame, body: 0)
    )
    for offset in 0..<(Clip.bodyCount * Clip.jointCount) {
      visible[f + offset] = old.visible[d + offset] | old.visible[e + offset]
    }
  }
}
