import Shards
import Skeleton

/// A named way to make recordings comparable: which bodies stay, and what is done to them in which order.
///
/// A profile is data. It is stored in every shard, so that a reader can tell what was done.
public struct Profile: Codable, Sendable, Equatable {
  /// The name that users give and shards store.
  public let name: String
  /// Which bodies of a recording stay.
  public let bodies: BodySelection
  /// What is done to them, in order; steps on frames come before steps on coordinates.
  public let steps: [Step]

  /// The profiles that can be asked for by name.
  public static let all = [
    agcn300, agcn300Sync,
    ctrgcn(), ctrgcn(secondBody: .copy), ctrgcn(gaps: .compressed),
    ctrgcn(secondBody: .copy, gaps: .compressed),
    pyskl(), pyskl(gaps: .compressed),
    crosscl50, stgcn, raw,
  ]

  /// The profile of this name.
  ///
  /// - Throws: `InputError` if there is none.
  public static func named(_ name: String) throws -> Profile {
    if let profile = all.first(where: { $0.name == name }) { return profile }
    throw InputError(
      "--profile", found: name, expected: all.map(\.name).joined(separator: " or "),
      hint: name.hint(among: all.map(\.name)))
  }

  /// Makes the clip of a recording, and says what had to be mended for it.
  public func normalize(_ recording: Recording) -> Normalized {
    var plan = bodies.plan(of: recording)
    let onFrames = steps.prefix { plan.take($0, of: recording) }
    var clip = Clip(plan, of: recording)
    if !recording.lostJoints.isEmpty { plan.repairs.insert(.lostJoints) }
    var isResampled = false
    for step in steps.dropFirst(onFrames.count) {
      clip.take(step)
      if case .resize = step { isResampled = true }
    }
    return Normalized(
      clip: clip, repairs: plan.repairs.sorted(), sourceFrames: isResampled ? nil : plan.sourceFrames,
      sourceBodies: isResampled ? nil : plan.bodies,
      filledFrames: plan.filledFrames(of: recording), loops: isResampled ? nil : loops(of: plan, clip))
  }

  /// What the clip's own frames do not tell of the frames that follow, in an array of as many frames as the profile
  /// keeps: where both bodies repeat themselves, each in its own time, and are moved by the first one's place.
  private func loops(of plan: FramePlan, _ clip: Clip) -> BodyLoops? {
    guard plan.loops.allSatisfy({ $0 > 0 }), let first = plan.loops.first, let second = plan.loops.last,
      first != second, clip.origins.count == clip.frameCount, !isFull(clip.frameCount)
    else { return nil }
    return BodyLoops(
      first: first, second: second, origins: clip.origins.prefix(first).flatMap { [$0.x, $0.y, $0.z] })
  }

  /// Whether a clip has all the frames that the profile keeps.
  private func isFull(_ frames: Int) -> Bool {
    steps.contains { step in if case .cut(let limit) = step { frames >= limit } else { false } }
  }

  /// Makes the clip of a recording.
  public func clip(of recording: Recording) -> Clip { normalize(recording).clip }

  /// Whether every frame of a clip is one of the recording's.
  var keepsFrames: Bool {
    !steps.contains { step in if case .resize = step { true } else { false } }
  }
}
