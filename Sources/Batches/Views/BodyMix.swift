import Skeleton
import TensorCore

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
    precondition(frameCount.isMultiple(of: BodyMix.unitCount), "\(frameCount) frames are no multiple of 16")
    let place = Place(count: count, units: BodyMix.unitCount, lengths: 7...11, &random)
    let draw = random.unit()
    let weight = random.unit()
    mode = draw > 0.5 ? .cut : draw > 0.25 ? .resize : .blend
    shift = place.shift
    frames = place.frames(of: frameCount / BodyMix.unitCount)
    joints = place.joints
    share = mode == .blend ? weight : place.area(of: BodyMix.unitCount)
  }

  /// Draws a cut for a batch of `count` clips, whose frames are whole units of `unit` frames.
  ///
  /// - Parameter lengths: how many units may be cut.
  public init(
    cutting count: Int, frameCount: Int, unit: Int, lengths: ClosedRange<Int>, _ random: inout KeyedRandom
  ) {
    let units = frameCount / unit
    let place = Place(count: count, units: units, lengths: lengths, &random)
    mode = .cut
    (shift, frames, joints) = (place.shift, place.frames(of: unit), place.joints)
    share = place.area(of: units)
  }

  /// Whose, when and where.
  private struct Place {
    let shift: Int
    let first: Int
    let length: Int
    let joints: [Int]

    init(count: Int, units: Int, lengths: ClosedRange<Int>, _ random: inout KeyedRandom) {
      precondition(count >= 2, "mixing needs at least 2 clips, not \(count)")
      // The published draw is 1 … N − 2; with two clips only 1 is left.
      shift = random.integer(in: 1...max(count - 2, 1))
      let parts = random.choose(random.integer(in: 2...3), of: Kinect25.parts.count)
      length = random.integer(in: lengths)
      first = random.integer(in: 0...(units - length))
      joints = parts.flatMap { Kinect25.parts[$0].joints }.sorted()
    }

    func frames(of unit: Int) -> Range<Int> { (first * unit)..<((first + length) * unit) }

    func area(of units: Int) -> Float { Float(length * joints.count) / Float(units * Kinect25.jointCount) }
  }

  /// The partner of each clip, (N).
  public func partners(count: Int) -> [Int] { (0..<count).map { ($0 + shift) % count } }

  /// 1 where clips are their partners', 0 elsewhere: (T / unit, V).
  public func mask(frameCount: Int, unit: Int) -> Tensor {
    let (steps, width) = (frameCount / unit, Kinect25.jointCount)
    var values = [Float](repeating: 0, count: steps * width)
    for step in frames.lowerBound / unit..<frames.upperBound / unit {
      for joint in joints { values[step * width + joint] = 1 }
    }
    return Tensor(values, shape: [steps, width])
  }

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
