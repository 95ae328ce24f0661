import Shards

/// What a profile had to mend or leave out to make a clip, as words for reports.
public enum Repair: String, Codable, CaseIterable, Comparable, Sendable {
  /// Frames beyond the profile's limit were left out, with what they showed.
  case cut
  /// Frames in which nobody was seen were left out.
  case droppedFrames = "dropped-frames"
  /// Frames in which a body was absent show other frames of its own.
  case filledGaps = "filled-gaps"
  /// A body that came late, or was lost and found, stands earlier in time than it was recorded.
  case bodyMoved = "body-moved"
  /// A body that looked like no person (seen too briefly, or wider than it was tall) was left out.
  case denoisedBody = "denoised-body"
  /// Bodies of several ids, one after another in time, became one.
  case mergedBodies = "merged-bodies"
  /// A body was left out as two others were taken.
  case leftOutBody = "left-out-body"
  /// The second body became the first.
  case swappedBodies = "swapped-bodies"
  /// Joints whose coordinates are no place, not numbers or absurdly large, count as not seen.
  case lostJoints = "lost-joints"

  /// The order in which reports name them.
  public static func < (left: Repair, right: Repair) -> Bool { left.place < right.place }

  private var place: Int { Repair.allCases.firstIndex(of: self) ?? 0 }
}

/// A clip, and what its profile did to the recording that a reader of the report or a viewer should know.
public struct Normalized: Sendable, Equatable {
  /// The normalized recording.
  public let clip: Clip
  /// What was mended or left out, each word once.
  public let repairs: [Repair]
  /// For each frame of the clip the frame of the recording that it stands for; nil if frames were resampled.
  public let sourceFrames: [Int]?
  /// For each frame of the clip the bodies of the recording that stand there, (T, M=2), −1 where none does; nil if
  /// frames were resampled.
  public let sourceBodies: [Int]?
  /// For each body (M=2) the frames in which it shows what the recording has at another time, or of another body.
  public let filledFrames: [[Range<Int>]]

  /// How bodies that repeat themselves out of step go on beyond the last frame; nil where none do.
  public let loops: BodyLoops?

  /// Values of the recording's bodies, put where the clip has those bodies.
  ///
  /// - Parameter values: (bodies, V=25, width), bodies as in the recording.
  /// - Returns: (T, M=2, V=25, width), 0 where a body is absent.
  func following(_ values: [Float], width: Int) -> [Float] {
    guard let sourceBodies else {
      preconditionFailure("the frames of a resampled clip are not the recording's")
    }
    let size = Clip.jointCount * width
    var result = [Float](repeating: 0, count: sourceBodies.count * size)  // (T, M, V, width)
    for (place, body) in sourceBodies.enumerated() where body >= 0 {
      result.replaceSubrange(
        (place * size)..<((place + 1) * size), with: values[(body * size)..<((body + 1) * size)])
    }
    return result
  }
}
