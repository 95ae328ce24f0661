import Foundation
import Skeleton

/// Which patches of a body a transformer sees, so that it has to guess the others.
///
/// A patch is some frames of one joint; number t · V + v is patch t of joint v.
public struct TokenMask: Sendable, Equatable {
  /// How those that stay are drawn.
  public enum Kind: String, CaseIterable, Sendable {
    /// What moves is hidden rather than what does not.
    case motion
    /// All are alike.
    case random
    /// The same joints stay for some patches.
    case tube
  }

  /// How those that stay are drawn.
  public var kind: Kind
  /// The share that is hidden.
  public var share: Float
  /// τ: how little motion counts against chance.
  public var temperature: Float = 0.8
  /// Patches of a tube.
  public var length = 5

  /// A mask that hides a share, by default MAMP's.
  public init(_ kind: Kind = .motion, hiding share: Float = 0.9) { (self.kind, self.share) = (kind, share) }

  /// How many of some patches stay, ⌊count · (1 - share)⌋ but at least one, as the released programs reckon: 1 - 0.9 is a
  /// little less than a tenth in double precision, so that 74 of 750 stay.
  func kept(of count: Int) -> Int {
    // The share as it is written, not the single-precision number next to it.
    let share = Double("\(share)") ?? Double(share)
    return max(Int(Double(count) * (1 - share)), 1)
  }

  /// How much each patch of a body moves, (L): the mean of |p_t - p_(t-1)| over its numbers. The first patch of a joint
  /// moves as its second.
  static func motion(of clip: SkeletonClip, body: Int, span: Int) -> [Float] {
    let (steps, width, joints) = (clip.frameCount / span, SkeletonClip.width, Kinect25.jointCount)
    var result = [Float](repeating: 0, count: steps * joints)
    guard steps > 1 else { return result }
    for step in 1..<steps {
      for joint in 0..<joints {
        var sum: Float = 0
        for frame in (step * span)..<((step + 1) * span) {
          for axis in 0..<Kinect25.coordinateCount {
            let at = frame * width + SkeletonClip.offset(joint: joint, body: body) + 2 * axis
            sum += abs(clip.values[at] - clip.values[at - span * width])
          }
        }
        result[step * joints + joint] = sum / Float(span * Kinect25.coordinateCount)
      }
    }
    for joint in 0..<joints { result[joint] = result[joints + joint] }
    return result
  }

  /// ln of a softmax of I / (max I · τ), but for a number that all have in common, plus Gumbel noise by numbers u of
  /// 0 ..< 1: those with the lowest score stay.
  ///
  /// Source: Mao et al., "Masked motion predictors are strong 3D action representation learners", 2023, equations 4 to 6,
  /// with the small numbers of the released code.
  func scores(motion: [Float], draws: [Float]) -> [Double] {
    let scale = 1 / (Double(motion.max() ?? 0) * Double(temperature) + 1e-10)
    return zip(motion, draws).map { motion, u in
      Double(motion) * scale - log(-log(Double(u) + 1e-10) + 1e-10)
    }
  }

  /// The numbers of the `count` lowest scores, the lowest first.
  static func lowest(_ count: Int, of scores: [Double]) -> [Int] {
    Array(scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }.prefix(count))
  }

  /// The patches of `steps` of `joints` in which, for `length` patches after each other, the joints with the smallest
  /// draws stay, (tubes, V).
  ///
  /// Source: Xu et al., "Skeleton2vec", 2024, as the released code has it.
  func tubes(draws: [[Double]], steps: Int, joints: Int) -> [Int] {
    draws.enumerated().flatMap { tube, draws in
      let own = Self.lowest(kept(of: joints), of: draws)
      return (tube * length..<min((tube + 1) * length, steps)).flatMap { step in
        own.map { step * joints + $0 }
      }
    }
  }

  /// The patches of a body of a clip that stay, as many of each body of clips of a length.
  func places(of clip: SkeletonClip, body: Int, span: Int, _ random: inout KeyedRandom) -> [Int] {
    let (steps, joints) = (clip.frameCount / span, Kinect25.jointCount)
    func draws(_ count: Int) -> [Float] { (0..<count).map { _ in random.unit() } }
    let count = kept(of: steps * joints)
    switch kind {
    case .motion:
      let motion = Self.motion(of: clip, body: body, span: span)
      return Self.lowest(count, of: scores(motion: motion, draws: draws(motion.count)))
    case .random: return Self.lowest(count, of: draws(steps * joints).map { Double($0) })
    case .tube:
      let tubes = stride(from: 0, to: steps, by: length).map { _ in draws(joints).map { Double($0) } }
      return self.tubes(draws: tubes, steps: steps, joints: joints)
    }
  }
}

extension ViewPlan {
  /// Adds the patches that stay of each body of each sample, (N · M) lists of one length, bodies of a sample next to each
  /// other; patches are of `span` frames.
  public mutating func tokens(
    _ name: String, of samples: View<[SkeletonClip]>, span: Int, _ mask: TokenMask
  ) -> View<[[Int]]> {
    add { draw, made in
      made[samples].enumerated().flatMap { sample, clip in
        var random = draw.random(name, of: sample)
        return (0..<Kinect25.bodyCount).map { mask.places(of: clip, body: $0, span: span, &random) }
      }
    }
  }
}
