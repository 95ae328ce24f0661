import Skeleton

/// The classes of a synthetic data set and what is done in each.
struct SyntheticClasses {
  /// What a class is.
  struct Movement {
    /// The first person's gesture.
    let gesture: Gesture
    /// The second person's; nil where there is none.
    let partner: Gesture?
    /// Done with the other side.
    let mirrors: Bool
    /// Repetitions a second.
    let tempo: Double
    /// Metres between two people.
    let distance: Double
  }

  /// The numbers of the actions, those of one person first.
  let actions: [Int]
  /// Whether two classes differ by nothing but the side that the gesture is done with.
  let sidesMatter: Bool
  private let movements: [Int: Movement]

  /// As many classes, about one in five of them for two people and at least one; those have the numbers that the
  /// data set gives to mutual actions.
  ///
  /// - Throws: ``InputError`` if the data set has not so many, or is not of NTU RGB+D.
  init(count: Int, dataset: SkeletonDataset) throws {
    guard dataset.videoPart == nil else {
      throw InputError(
        "--dataset", found: dataset.rawValue, expected: "ntu60 or ntu120",
        hint: "text is synthesized in NTU's form only")
    }
    let mutual = Array(50...60) + (dataset == .ntu120 ? Array(106...120) : [])
    let alone = Array(1...49) + (dataset == .ntu120 ? Array(61...105) : [])
    guard (2...dataset.classCount).contains(count) else {
      throw InputError("--classes", found: "\(count)", expected: "2 to \(dataset.classCount)")
    }
    let pairs = max(1, count - alone.count, min(mutual.count, count / 5))
    let single = count - pairs
    let gestures = Gesture.allCases
    var movements: [Int: Movement] = [:]
    for (index, action) in alone.prefix(single).enumerated() {
      // Beyond the twelve gestures: the other side, then other tempos.
      let round = index / gestures.count
      movements[action] = Movement(
        gesture: gestures[index % gestures.count], partner: nil, mirrors: !round.isMultiple(of: 2),
        tempo: [0.8, 1.6, 0.45, 2.4][min(round / 2, 3)], distance: 0)
    }
    for (index, action) in mutual.prefix(pairs).enumerated() {
      let gesture = [Gesture.punch, .drink, .kick, .wave, .clap, .bow][index % 6]
      let partner = [Gesture.bow, .drink, .raiseArms, .wave, .march, .stretch, .jump][index % 7]
      movements[action] = Movement(
        gesture: gesture, partner: partner, mirrors: false, tempo: 0.8,
        distance: 0.75 + 0.15 * Double(index % 4))
    }
    self.movements = movements
    sidesMatter = single > gestures.count
    actions = Array(alone.prefix(single)) + Array(mutual.prefix(pairs))
  }

  /// What is done in an action of `actions`.
  func movement(of action: Int) -> Movement {
    guard let movement = movements[action] else {
      preconditionFailure("action \(action) is not among \(actions)")
    }
    return movement
  }
}
