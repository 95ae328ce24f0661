import Skeleton

extension Profile {
  /// What a setting of a stored profile is, and what it may be.
  struct Fault: Equatable {
    /// `steps[2]: centre`.
    let place: String
    /// `joint 25`.
    let found: String
    /// `0 to 24`.
    let expected: String
  }

  /// The first setting by which no recording can be normalized; nil for a profile that can be followed.
  ///
  /// Profiles are read from shards and from the heads of evaluations, which anybody may have written.
  var fault: Fault? {
    if let fault = bodies.fault { return fault }
    guard steps.count <= Profile.mostSteps else {
      return Fault(place: "steps", found: "\(steps.count)", expected: "at most \(Profile.mostSteps)")
    }
    var isMoved = false
    for (index, step) in steps.enumerated() {
      let place = "steps[\(index)]"
      if isMoved && !step.movesJoints {
        return Fault(
          place: place, found: "\(step), a step on frames", expected: "such steps before those on coordinates"
        )
      }
      isMoved = isMoved || step.movesJoints
      if let joint = step.joints.first(where: { !(0..<Kinect25.jointCount).contains($0) }) {
        return Fault(place: place, found: "joint \(joint)", expected: "0 to \(Kinect25.jointCount - 1)")
      }
      if let frames = step.frames, !(1...Recording.frameLimit).contains(frames) {
        return Fault(place: place, found: "\(frames) frames", expected: "1 to \(Recording.frameLimit)")
      }
    }
    return nil
  }

  /// No profile has as many.
  private static let mostSteps = 100
}

extension Profile.Step {
  /// Whether it is a step on coordinates rather than on frames.
  fileprivate var movesJoints: Bool {
    switch self {
    case .seeWholeBodies, .centre, .centreHolding, .centreOnFirstFrame, .centreEachBody, .rotate, .resize,
      .turnShoulders:
      true
    case .cut, .closeGaps, .dropEmptyFrames, .trimEmptyEnds, .putEarlierBodyFirst, .keepFramesOfFullerBody,
      .keepCountOfFramesWith, .copyLoneBody:
      false
    }
  }

  /// The joints that it looks at.
  fileprivate var joints: [Int] {
    switch self {
    case .keepCountOfFramesWith(let joint), .centre(let joint), .centreHolding(let joint),
      .centreOnFirstFrame(let joint), .centreEachBody(let joint):
      [joint]
    case .rotate(let from, let to, _), .turnShoulders(let from, let to): [from, to]
    case .cut, .closeGaps, .dropEmptyFrames, .trimEmptyEnds, .putEarlierBodyFirst, .keepFramesOfFullerBody,
      .copyLoneBody, .seeWholeBodies, .resize:
      []
    }
  }

  /// How many frames it makes or leaves.
  fileprivate var frames: Int? {
    switch self {
    case .cut(let frames), .resize(let frames): frames
    default: nil
    }
  }
}

extension BodySelection {
  /// The first setting by which no bodies can be chosen.
  fileprivate var fault: Profile.Fault? {
    /// A fault unless a value is in a range.
    func demand<Value>(_ value: Value, _ range: ClosedRange<Value>, _ place: String) -> Profile.Fault? {
      range.contains(value)
        ? nil
        : Profile.Fault(
          place: "bodies: \(place)", found: "\(value)",
          expected: "\(range.lowerBound) to \(range.upperBound)")
    }
    switch self {
    case .firstPlaces: return nil
    case .slots(let count): return demand(count, 1...BodySelection.mostPlaces, "slots")
    case .ids(_, let rules):
      guard rules.count <= BodySelection.mostPlaces else {
        return demand(rules.count, 0...BodySelection.mostPlaces, "rules")
      }
      for rule in rules {
        let fault =
          switch rule {
          case .dropBrief(let frames): demand(frames, 0...Recording.frameLimit, "dropBrief")
          case .dropWide(let ratio, let share):
            demand(ratio, 0...1e6, "dropWide: ratio") ?? demand(share, 0...1, "dropWide: share")
          case .merge(let overlap): demand(overlap, 0...Recording.frameLimit, "merge")
          case .orderByMotion: nil as Profile.Fault?
          }
        if let fault { return fault }
      }
      return nil
    }
  }

  /// No frame has as many bodies.
  private static let mostPlaces = 100
}
