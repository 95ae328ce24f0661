import Skeleton

/// Which bodies of a recording a clip keeps, and what makes a body: its place in a frame's list, or its id.
public enum BodySelection: Sendable, Equatable {
  /// The two that move and spread most of this many places, most first; ids are not looked at.
  ///
  /// Energy is std(x) + std(y) + std(z) over the joints of all frames in which the body's coordinates do not sum to
  /// 0, in float64. Of equal energies the later place wins, which is how the reference's reversed `argsort` orders
  /// them. Source: 2s-AGCN.
  case slots(Int)
  /// The first two places of each frame; ids are not looked at. Source: ST-GCN.
  case firstPlaces
  /// Bodies by id; the rules, in order, make two persons of them.
  case ids(gaps: Gaps, rules: [TrackRule])

  /// When a body that was lost and found again is said to be there.
  public enum Gaps: String, Codable, Sendable {
    /// In the frames in which it was recorded.
    case kept = "true"
    /// Right after the frame in which it was lost, which is too early: what SGN, CTR-GCN and PYSKL do.
    case compressed
  }

  /// A rule that bodies followed by id are sorted out with.
  public enum TrackRule: Codable, Sendable, Equatable {
    /// See `BodyTracks.dropBrief(frames:)`.
    case dropBrief(frames: Int)
    /// See `BodyTracks.dropWide(ratio:share:in:)`.
    case dropWide(ratio: Double, share: Double)
    /// See `BodyTracks.orderByMotion()`.
    case orderByMotion
    /// The last rule. See `BodyTracks.mergedPlan(overlap:)`.
    case merge(overlap: Int)
  }

  /// Says where in each frame the recording's bodies go.
  func plan(of recording: Recording) -> FramePlan {
    switch self {
    case .slots(let count):
      let places = min(count, recording.mostBodiesInAFrame)
      var order = Array(0..<places)
      if places > 1 {
        let energies = order.map { recording.energy(ofSlot: $0) }
        order.sort { (energies[$0], $0) > (energies[$1], $1) }
      }
      return FramePlan(of: recording, places: order)
    case .firstPlaces:
      return FramePlan(of: recording, places: [0, 1])
    case .ids(let gaps, let rules):
      return planByID(of: recording, gaps: gaps, rules: rules)
    }
  }

  private func planByID(of recording: Recording, gaps: Gaps, rules: [TrackRule]) -> FramePlan {
    var tracks = BodyTracks(of: recording, gaps: gaps)
    // A rule compares bodies; one by itself is taken as it is.
    for rule in rules where tracks.tracks.count > 1 {
      switch rule {
      case .dropBrief(let frames): tracks.dropBrief(frames: frames)
      case .dropWide(let ratio, let share): tracks.dropWide(ratio: ratio, share: share, in: recording)
      case .orderByMotion: tracks.orderByMotion()
      case .merge(let overlap): return tracks.mergedPlan(overlap: overlap)
      }
    }
    return tracks.plan()
  }
}

extension FramePlan {
  /// The bodies in these places of each frame's list; those of which no joint was seen are absent.
  fileprivate init(of recording: Recording, places: [Int]) {
    self.init(sourceFrames: Array(0..<recording.frameCount))
    for frame in 0..<frameCount {
      let bodies = recording.bodies(inFrame: frame)
      for (body, place) in places.prefix(Clip.bodyCount).enumerated() where place < bodies.count {
        let source = bodies.lowerBound + place
        if recording.isSeen(body: source) { self[frame: frame, body: body] = source }
      }
    }
    if recording.mostBodiesInAFrame > Clip.bodyCount { repairs.insert(.leftOutBody) }
  }
}

extension Recording {
  fileprivate var mostBodiesInAFrame: Int {
    (0..<frameCount).lazy.map { bodies(inFrame: $0).count }.max() ?? 0
  }

  /// std(x) + std(y) + std(z) of a place in the frames' lists; 0 for one that is always empty.
  fileprivate func energy(ofSlot slot: Int) -> Double {
    let joints = joints.span
    let starts: [Int] = (0..<frameCount).compactMap { frame in
      let bodies = bodies(inFrame: frame)
      guard slot < bodies.count else { return nil }
      let start = (bodies.lowerBound + slot) * Clip.bodyStride
      var sum = 0.0
      for place in start..<(start + Clip.bodyStride) { sum += joints[place] }
      return sum == 0 ? nil : start
    }
    guard !starts.isEmpty else { return 0 }
    let count = Double(starts.count * Clip.jointCount)
    var sum = SIMD3<Double>.zero
    for start in starts {
      for place in stride(from: start, to: start + Clip.bodyStride, by: Kinect25.coordinateCount) {
        sum += SIMD3(joints[place], joints[place + 1], joints[place + 2])
      }
    }
    let mean = sum / count
    var squares = SIMD3<Double>.zero
    for start in starts {
      for place in stride(from: start, to: start + Clip.bodyStride, by: Kinect25.coordinateCount) {
        let difference = SIMD3(joints[place], joints[place + 1], joints[place + 2]) - mean
        squares += difference * difference
      }
    }
    let deviations = (squares / count).squareRoot()
    return deviations.x + deviations.y + deviations.z
  }
}

/// Stored as an object of one key, as `{"slots":4}`.
extension BodySelection: Codable {
  private enum Key: String, CodingKey { case slots, firstPlaces, ids }

  private struct IDs: Codable {
    let gaps: Gaps
    let rules: [TrackRule]
  }

  /// Writes the selection.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .slots(let count): try container.encode(count, forKey: .slots)
    case .firstPlaces: try container.encode(Clip.bodyCount, forKey: .firstPlaces)
    case .ids(let gaps, let rules): try container.encode(IDs(gaps: gaps, rules: rules), forKey: .ids)
    }
  }

  /// Reads a stored selection.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let count = try container.decodeIfPresent(Int.self, forKey: .slots) {
      self = .slots(count)
    } else if let ids = try container.decodeIfPresent(IDs.self, forKey: .ids) {
      self = .ids(gaps: ids.gaps, rules: ids.rules)
    } else {
      _ = try container.decode(Int.self, forKey: .firstPlaces)
      self = .firstPlaces
    }
  }
}
