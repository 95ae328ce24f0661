import Skeleton

/// A named way to make recordings comparable: which bodies stay, and what is done to them in which order.
///
/// A profile is data. It is stored in every shard, so that a reader can tell what was done.
public struct Profile: Codable, Sendable, Equatable {
  /// A step from a clip to a clip, with its settings.
  public enum Step: Codable, Sendable, Equatable {
    /// Frames from this number on are forgotten.
    case cut(frames: Int)
    /// See ``Clip/closeGaps()``.
    case closeGaps
    /// See ``Clip/centre(onJoint:)``.
    case centre(joint: Int)
    /// See ``Clip/rotate(boneFrom:to:onto:)``.
    case rotate(from: Int, to: Int, onto: Axis)
  }

  /// The name that users give and shards store.
  public let name: String
  /// Which bodies of a recording stay.
  public let bodies: BodySelection
  /// What is done to them, in order.
  public let steps: [Step]

  /// The preprocessing of 2s-AGCN that skeleton-contrast, CMD, PCM3 and HiCo train on, frames kept ragged.
  ///
  /// Those programs fill an array of 300 frames and store how many frames the file had; the clip is that array up to
  /// that count. Source: `data_gen/ntu_gendata.py` and `data_gen/preprocess.py` of lshiwjx/2s-AGCN.
  public static let agcn300 = Profile(
    name: "agcn300",
    bodies: BodySelection(slots: 4),
    steps: [
      .cut(frames: 300),
      .closeGaps,
      .centre(joint: 1),
      .rotate(from: 0, to: 1, onto: .z),
      .rotate(from: 4, to: 8, onto: .x),
    ])

  /// The profiles that can be asked for by name.
  public static let all = [agcn300]

  /// The profile of this name.
  ///
  /// - Throws: ``InputError`` if there is none.
  public static func named(_ name: String) throws -> Profile {
    if let profile = all.first(where: { $0.name == name }) { return profile }
    throw InputError("--profile", found: name, expected: all.map(\.name).joined(separator: " or "))
  }

  /// Makes the clip of a recording. The result has as many frames as the recording, unless a step cuts it.
  public func normalize(_ recording: Recording) -> Clip {
    var clip = bodies.clip(of: recording)
    for step in steps {
      switch step {
      case .cut(let frames): clip.cut(toFrames: frames)
      case .closeGaps: clip.closeGaps()
      case .centre(let joint): clip.centre(onJoint: joint)
      case .rotate(let from, let to, let axis): clip.rotate(boneFrom: from, to: to, onto: axis)
      }
    }
    return clip
  }
}
