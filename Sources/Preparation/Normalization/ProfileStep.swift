import Skeleton

extension Profile {
  /// A step on the way from a recording to a clip, with its settings.
  public enum Step: Codable, Sendable, Equatable {
    /// Frames from this number on are forgotten.
    case cut(frames: Int)
    /// See `FramePlan.closeGaps()`.
    case closeGaps
    /// See `FramePlan.dropEmptyFrames()`.
    case dropEmptyFrames
    /// See `FramePlan.trimEmptyEnds()`.
    case trimEmptyEnds
    /// See `FramePlan.putEarlierBodyFirst()`.
    case putEarlierBodyFirst
    /// See `FramePlan.keepFramesOfFullerBody()`.
    case keepFramesOfFullerBody
    /// See `FramePlan.keepCount(ofFramesWithJoint:of:)`.
    case keepCountOfFramesWith(joint: Int)
    /// See `FramePlan.copyLoneBody()`.
    case copyLoneBody

    /// See `Clip.seeWholeBodies()`.
    case seeWholeBodies
    /// See `Clip.centre(onJoint:)`.
    case centre(joint: Int)
    /// See `Clip.centreHolding(joint:)`.
    case centreHolding(joint: Int)
    /// See `Clip.centreOnFirstFrame(joint:)`.
    case centreOnFirstFrame(joint: Int)
    /// See `Clip.centreEachBody(joint:)`.
    case centreEachBody(joint: Int)
    /// See `Clip.rotate(boneFrom:to:onto:)`.
    case rotate(from: Int, to: Int, onto: Axis)
    /// See `Clip.resize(toFrames:)`.
    case resize(frames: Int)
    /// See `Clip.turnShoulders(from:to:)`.
    case turnShoulders(from: Int, to: Int)
  }
}

extension FramePlan {
  /// Takes a step on frames; false, and nothing is done, for a step on coordinates.
  mutating func take(_ step: Profile.Step, of recording: Recording) -> Bool {
    switch step {
    case .cut(let frames): cut(toFrames: frames)
    case .closeGaps: closeGaps()
    case .dropEmptyFrames: dropEmptyFrames()
    case .trimEmptyEnds: trimEmptyEnds()
    case .putEarlierBodyFirst: putEarlierBodyFirst()
    case .keepFramesOfFullerBody: keepFramesOfFullerBody()
    case .keepCountOfFramesWith(let joint): keepCount(ofFramesWithJoint: joint, of: recording)
    case .copyLoneBody: copyLoneBody()
    case .seeWholeBodies, .centre, .centreHolding, .centreOnFirstFrame, .centreEachBody, .rotate, .resize,
      .turnShoulders:
      return false
    }
    return true
  }
}

extension Clip {
  /// Takes a step on coordinates.
  mutating func take(_ step: Profile.Step) {
    switch step {
    case .seeWholeBodies: seeWholeBodies()
    case .centre(let joint): centre(onJoint: joint)
    case .centreHolding(let joint): centreHolding(joint: joint)
    case .centreOnFirstFrame(let joint): centreOnFirstFrame(joint: joint)
    case .centreEachBody(let joint): centreEachBody(joint: joint)
    case .rotate(let from, let to, let axis): rotate(boneFrom: from, to: to, onto: axis)
    case .resize(let frames): resize(toFrames: frames)
    case .turnShoulders(let from, let to): turnShoulders(from: from, to: to)
    case .cut, .closeGaps, .dropEmptyFrames, .trimEmptyEnds, .putEarlierBodyFirst, .keepFramesOfFullerBody,
      .keepCountOfFramesWith, .copyLoneBody:
      preconditionFailure("\(step) is a step on frames and stands after one on coordinates")
    }
  }
}
