import Skeleton

/// How the clips of a batch are mixed with each other, drawn once for the whole batch.
///
/// Source: PCM3's `ske_swap` (parts 2–3, times 7–11 of 16), after SkeleMixCLR: half of the draws cut and paste, a
/// quarter paste a faster copy, a quarter blend.
public struct BodyMix: Sendable, Equatable {
  /// The three ways to mix.
  public enum Mode: String, CaseIterable, Sendable {
    /// A block of frames of some body parts comes from the partner (CutMix).
    case cut
    /// The same, but filled with the partner's beginning at up to twice the speed (ResizeMix).
    case resize
    /// The two clips are averaged with weights (Mixup).
    case blend
  }

  /// Time is cut in sixteenths.
  static let unitCount = 16

  /// The way of this draw.
  public let mode: Mode
  /// The partner of clip i is clip (i + shift) mod N.
  public let shift: Int
  /// The frames that are replaced.
  public let frames: Range<Int>
  /// The joints that are replaced, of both bodies.
  public let joints: [Int]
  /// λ: how much of a mixed clip comes from its partner, by area or by weight.
  public let share: Float

  /// Draws a mix for a batch of `count` clips of `frameCount` frames, a multiple of 16.
  public init(count: Int, frameCount: Int, _ random: inout KeyedRandom) {
    precondition(count >= 2, "mixing needs at least 2 clips, not \(count)")
    precondition(frameCount.isMultiple(of: BodyMix.unitCount), "\(frameCount) frames are no multiple of 16")
    // The published draw is 1 … N − 2; with two clips only 1 is left.
    shift = random.integer(in: 1...max(count - 2, 1))
    let parts = random.choose(random.integer(in: 2...3), of: Kinect25.parts.count)
    let units = random.integer(in: 7...11)
    let first = random.integer(in: 0...(BodyMix.unitCount - units))
    let unit = frameCount / BodyMix.unitCount
    frames = (first * unit)..<((first + units) * unit)
    joints = parts.flatMap { Kinect25.parts[$0].joints }.sorted()
    let draw = random.unit()
    let weight = random.unit()
    mode = draw > 0.5 ? .cut : draw > 0.25 ? .resize : .blend
    share =
      mode == .blend
      ? weight : Float(units * joints.count) / Float(BodyMix.unitCount * Kinect25.jointCount)
  }

  /// The partner of each clip, (N).
  public func partners(count: Int) -> [Int] { (0..<count).map { ($0 + shift) % count } }

  /// Each clip mixed with its partner.
  public func callAsFunction(_ clips: [SkeletonClip]) -> [SkeletonClip] {
    zip(clips, partners(count: clips.count)).map { clip, partner in mixed(clip, with: clips[partner]) }
  }

  private func mixed(_ clip: SkeletonClip, with partner: SkeletonClip) -> SkeletonClip {
    var result = clip
    switch mode {
    case .blend:
      for index in result.values.indices {
        result.values[index] = (1 - share) * clip.values[index] + share * partner.values[index]
      }
    case .cut:
      result.paste(partner, at: frames, from: frames.lowerBound, joints: joints)
    case .resize:
      let source = partner.nearest(length: min(2 * frames.count, partner.frameCount), to: frames.count)
      result.paste(source, at: frames, from: 0, joints: joints)
    }
    return result
  }
}

extension SkeletonClip {
  fileprivate mutating func paste(
    _ source: SkeletonClip, at frames: Range<Int>, from first: Int, joints: [Int]
  ) {
    for (step, frame) in frames.enumerated() {
      let (target, origin) = (frame * SkeletonClip.width, (first + step) * SkeletonClip.width)
      for joint in joints {
        for offset in (joint * 6)..<(joint * 6 + 6) {
          values[target + offset] = source.values[origin + offset]
        }
      }
    }
  }
}
