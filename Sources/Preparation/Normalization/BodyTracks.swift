import Skeleton

/// The bodies of a recording by id, and the rules that make at most two persons of them.
///
/// SGN's rules (microsoft/SGN, `data/ntu/get_raw_denoised_data.py`), which CTR-GCN and PYSKL took over.
struct BodyTracks {
  /// In order of appearance until ``orderByMotion()``.
  private(set) var tracks: [BodyTrack] = []
  /// For each frame that the tracks count the frame of the recording.
  private let sourceFrames: [Int]
  private var repairs: Set<Repair> = []

  /// Follows the ids of a recording's bodies; those of which no joint was seen are passed over.
  init(of recording: Recording, gaps: BodySelection.Gaps) {
    var trackOfID: [UInt64: Int] = [:]
    var frames: [Int] = []
    for frame in 0..<recording.frameCount {
      let bodies = recording.bodies(inFrame: frame)
      var isEmpty = true
      for body in bodies where recording.isSeen(body: body) {
        isEmpty = false
        let track = trackOfID[recording.bodyIDs[body], default: tracks.count]
        if track == tracks.count {
          trackOfID[recording.bodyIDs[body]] = track
          tracks.append(BodyTrack())
        }
        if let last = tracks[track].bodies.last, bodies.contains(last) {
          repairs.insert(.leftOutBody)  // an id that is twice in a frame
          continue
        }
        var place = frames.count
        if gaps == .compressed, let last = tracks[track].frames.last, last + 1 < place {
          place = last + 1
          repairs.insert(.bodyMoved)
        }
        tracks[track].frames.append(place)
        tracks[track].bodies.append(body)
      }
      if gaps == .kept || !isEmpty { frames.append(frame) }
    }
    if frames.count < recording.frameCount { repairs.insert(.droppedFrames) }
    sourceFrames = frames
    if tracks.count > 1 {
      for track in tracks.indices {
        tracks[track].motion = BodyTrack.variance(ofBodies: tracks[track].bodies, in: recording)
      }
    }
  }

  /// Leaves out bodies that are in at most this many frames, unless that leaves nobody.
  mutating func dropBrief(frames: Int) {
    let long = tracks.filter { $0.frames.count > frames }
    guard !long.isEmpty, long.count < tracks.count else { return }
    tracks = long
    repairs.insert(.denoisedBody)
  }

  /// Leaves out bodies that are, in this share of their frames or more, wider than `ratio` times their height.
  ///
  /// Chairs and tables that were taken for people. The last body stays. Of those that stay, the motion is at most that
  /// of the frames in which they are upright.
  mutating func dropWide(ratio: Double, share: Double, in recording: Recording) {
    var kept: [BodyTrack] = []
    for (index, var track) in tracks.enumerated() {
      if kept.isEmpty && index == tracks.count - 1 {
        kept.append(track)
        break
      }
      let upright = track.bodies.filter { BodyTrack.isUpright(body: $0, ratio: ratio, in: recording) }
      let wide = track.bodies.count - upright.count
      if wide > 0 {
        if Double(wide) / Double(track.bodies.count) >= share { continue }
        track.motion = min(track.motion, BodyTrack.variance(ofBodies: upright, in: recording))
      }
      kept.append(track)
    }
    if kept.count < tracks.count { repairs.insert(.denoisedBody) }
    tracks = kept
  }

  /// Puts the body that moves and spreads most first; of equal ones the earlier.
  mutating func orderByMotion() {
    tracks = tracks.enumerated().sorted { ($1.element.motion, $0.offset) < ($0.element.motion, $1.offset) }
      .map(\.element)
  }

  /// The plan in which the first two tracks are the clip's bodies, and all others are left out.
  func plan() -> FramePlan {
    var plan = emptyPlan()
    for (body, track) in tracks.prefix(Clip.bodyCount).enumerated() { plan.put(track, as: body) }
    if tracks.count > Clip.bodyCount { plan.repairs.insert(.leftOutBody) }
    return plan
  }

  /// The plan in which tracks that do not overlap in time are one person.
  ///
  /// Each track in turn goes to the first person, or else to the second, unless it shares more than `overlap` frames
  /// with the time from that person's first frame to the last; in shared frames the later track wins. As in the
  /// reference the second person's time begins with the recording, so an earlier fragment of theirs may be left out.
  func mergedPlan(overlap: Int) -> FramePlan {
    var plan = emptyPlan()
    guard let first = tracks.first else { return plan }
    plan.put(first, as: 0)
    var hulls = [first.hull, 0..<overlap]
    var counts = [1, 0]
    for track in tracks.dropFirst() {
      let hull = track.hull
      let body = hulls.firstIndex {
        min($0.upperBound, hull.upperBound) - max($0.lowerBound, hull.lowerBound) <= overlap
      }
      guard let body else {
        plan.repairs.insert(.leftOutBody)
        continue
      }
      plan.put(track, as: body)
      hulls[body] =
        min(hulls[body].lowerBound, hull.lowerBound)..<max(hulls[body].upperBound, hull.upperBound)
      counts[body] += 1
    }
    if counts.contains(where: { $0 > 1 }) { plan.repairs.insert(.mergedBodies) }
    return plan
  }

  private func emptyPlan() -> FramePlan {
    var plan = FramePlan(sourceFrames: sourceFrames)
    plan.isLone = tracks.count == 1
    plan.repairs = repairs
    return plan
  }
}

extension FramePlan {
  fileprivate mutating func put(_ track: BodyTrack, as body: Int) {
    for (frame, source) in zip(track.frames, track.bodies) { self[frame: frame, body: body] = source }
  }
}
