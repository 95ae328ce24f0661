import Foundation
import Skeleton
import Testing

@testable import Batches

/// Which patches of a body stay: how many, which by chance, and which by how they move.
@Suite struct TokenMaskTests {
  /// A clip of 32 frames in which the joints from 15 on of the first body move, a little or much.
  private static func clip(_ size: Float) -> SkeletonClip {
    var clip = SkeletonClip(values: [Float](repeating: 0, count: 32 * SkeletonClip.width))
    for frame in 0..<32 {
      for joint in 15..<25 {
        clip.values[frame * SkeletonClip.width + SkeletonClip.offset(joint: joint, body: 0)] =
          size * sin(Float(frame))
      }
    }
    return clip
  }

  private func places(_ mask: TokenMask, _ clip: SkeletonClip, body: Int = 0, sample: Int) -> [Int] {
    var random = KeyedRandom(seed: 1, sample: "\(sample)", view: "test")
    return mask.places(of: clip, body: body, span: 4, &random)
  }

  /// 1 - 0.9 is below a tenth in double precision, as in the released programs.
  @Test func countsAreThoseOfThePrograms() {
    func kept(_ share: Float, of count: Int) -> Int { TokenMask(hiding: share).kept(of: count) }
    #expect(kept(0.9, of: 750) == 74 && kept(0.8, of: 750) == 149 && kept(0.5, of: 750) == 375)
    #expect(kept(0.9, of: 100) == 9 && kept(0.9, of: 25) == 2 && kept(0.999, of: 10) == 1)
    #expect(kept(0, of: 200) == 200)
  }

  @Test(arguments: TokenMask.Kind.allCases) func allStayedPatchesAreDifferent(kind: TokenMask.Kind) {
    let mask = TokenMask(kind, hiding: 0.7)
    let counts = (0..<20).map { sample -> Int in
      let own = places(mask, Self.clip(1), sample: sample)
      #expect(Set(own).count == own.count && own.allSatisfy { (0..<200).contains($0) })
      return own.count
    }
    #expect(Set(counts) == [kind == .tube ? 7 * 8 : 60])
    #expect(places(mask, Self.clip(1), sample: 1) != places(mask, Self.clip(1), sample: 2))
    #expect(places(mask, Self.clip(1), sample: 1) == places(mask, Self.clip(1), sample: 1))
  }

  /// With Gumbel noise those that go first are drawn by the softmax: here patch i before patch j with the chance
  /// p_i / (p_i + p_j), where only the quotient of intensity and temperature counts, not how large motion is.
  @Test(arguments: [Float(0.8), 0.2]) func whatMovesIsHiddenByItsSoftmax(temperature: Float) {
    var mask = TokenMask(.motion, hiding: 0.5)
    mask.temperature = temperature
    // Two patches: of one the score is higher with this chance.
    let motion: [Float] = [0, 2]
    var hidden = 0
    let count = 20_000
    var random = KeyedRandom(seed: 3, view: "test")
    for _ in 0..<count {
      let draws = [random.unit(), random.unit()]
      hidden += TokenMask.lowest(1, of: mask.scores(motion: motion, draws: draws)) == [0] ? 1 : 0
    }
    let odds = exp(1 / Double(temperature))
    let (expected, found) = (odds / (1 + odds), Double(hidden) / Double(count))
    // Five deviations.
    let limit = 5 * (expected * (1 - expected) / Double(count)).squareRoot()
    #expect(abs(found - expected) < limit, "\(found), not \(expected)")
    #expect(
      mask.scores(motion: [0, 4], draws: [0.3, 0.4]).map { ($0 * 1e6).rounded() }
        == mask.scores(motion: [0, 2], draws: [0.3, 0.4]).map { ($0 * 1e6).rounded() })
  }

  /// Of the joints that move fewer patches stay; of a body that does not move, as many of all.
  @Test func stillBodiesAreHiddenByChanceAlone() {
    func share(_ kind: TokenMask.Kind, body: Int) -> Double {
      let own = (0..<200).flatMap {
        places(TokenMask(kind, hiding: 0.9), Self.clip(0.1), body: body, sample: $0)
      }
      return Double(own.count { $0 % 25 >= 15 }) / Double(own.count)
    }
    #expect(share(.motion, body: 0) < 0.3)
    for (kind, body) in [(TokenMask.Kind.motion, 1), (.random, 0), (.tube, 0)] {
      #expect(abs(share(kind, body: body) - 0.4) < 0.06, "\(kind)")
    }
  }

  /// In a tube the same joints stay for its length, and other ones after it.
  @Test func tubesKeepTheirJoints() {
    var mask = TokenMask(.tube, hiding: 0.8)
    mask.length = 3
    let own = places(mask, Self.clip(1), sample: 1)
    let joints = (0..<8).map { step in Set(own.filter { $0 / 25 == step }.map { $0 % 25 }) }
    #expect(joints.allSatisfy { $0.count == 4 || $0.count == 5 })
    #expect(
      joints[0] == joints[1] && joints[1] == joints[2] && joints[3] == joints[5] && joints[6] == joints[7])
    #expect(joints[2] != joints[3] && joints[5] != joints[6])
  }

  /// |p_t - p_(t-1)|, and the first patch moves as the second.
  @Test func motionIsTheMeanDifferenceOfPatches() {
    var random = KeyedRandom(seed: 2, view: "test")
    let clip = SkeletonClip(values: (0..<(8 * SkeletonClip.width)).map { _ in random.uniform(-1, 1) })
    let motion = TokenMask.motion(of: clip, body: 1, span: 4)
    for joint in 0..<25 {
      let at = SkeletonClip.offset(joint: joint, body: 1)
      var sum: Float = 0
      for frame in 0..<4 {
        for axis in 0..<3 {
          let place = frame * 150 + at + 2 * axis
          sum += abs(clip.values[place + 600] - clip.values[place])
        }
      }
      #expect(abs(motion[25 + joint] - sum / 12) < 1e-6 && motion[joint] == motion[25 + joint])
    }
  }

  /// Crops are at least as long as is said, and at most as long as the sample.
  @Test func cropsHaveALeastLength() {
    // Frame t has t in every number, so that what a crop is of can be read from it.
    let clip = SkeletonClip(values: (0..<100).flatMap { [Float](repeating: Float($0), count: 150) })
    var lengths: [Float] = []
    for sample in 0..<200 {
      var random = KeyedRandom(seed: 1, sample: "\(sample)", view: "test")
      let crop = Augmentation.crop(0.1...1, atLeast: 40, to: 20)(clip, &random)
      #expect(crop.frameCount == 20)
      lengths.append((crop.values[150 * 10] - crop.values[150 * 9]) * 20)
    }
    #expect((lengths.min() ?? 0) > 39.9 && (lengths.min() ?? 0) < 41 && (lengths.max() ?? 0) > 95)
  }

  /// All joints that are there go the same way, in all frames; a body that is not there stays away.
  @Test func shiftsMoveBodiesThatAreThere() {
    let clip = SkeletonClip(
      values: (0..<(4 * 150)).map { $0 % 2 == 0 ? Float($0 % 7) - 3.5 : 0 })
    var random = KeyedRandom(seed: 1, view: "test")
    let moved = Augmentation.shift(upTo: 0.2)(clip, &random)
    let ways = zip(moved.values, clip.values).map { $0 - $1 }
    for (index, way) in ways.enumerated() {
      #expect(index % 2 == 0 ? abs(way - ways[index % 6]) < 1e-6 : way == 0)
      #expect(abs(way) <= 0.2)
    }
    #expect(Set(ways.prefix(6).map { ($0 * 1e5).rounded() }).count == 4)
  }
}
