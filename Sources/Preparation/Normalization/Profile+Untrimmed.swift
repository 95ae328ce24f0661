extension Profile {
  /// The profile for untrimmed recordings: without the steps that leave out, move or repeat frames, since labels count
  /// them. Nil for a profile that moves bodies in time before its first step.
  var keepingTime: Profile? {
    if case .ids(.compressed, _) = bodies { return nil }
    return Profile(name: name, bodies: bodies, steps: steps.filter(\.keepsTime))
  }
}

extension Profile.Step {
  /// Whether a frame that goes in comes out with the same number.
  fileprivate var keepsTime: Bool {
    switch self {
    case .cut, .closeGaps, .dropEmptyFrames, .trimEmptyEnds, .keepFramesOfFullerBody, .keepCountOfFramesWith,
      .resize:
      false
    case .putEarlierBodyFirst, .copyLoneBody, .seeWholeBodies, .centre, .centreHolding, .centreOnFirstFrame,
      .centreEachBody,
      .rotate, .turnShoulders:
      true
    }
  }
}
