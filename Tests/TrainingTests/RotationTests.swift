import Skeleton
import Testing

@testable import Batches

/// Turns of whole clips about the three axes.
@Suite struct RotationTests {
  private let clip: SkeletonClip = {
    var random = KeyedRandom(seed: 3, view: "test")
    return SkeletonClip(values: (0..<(4 * SkeletonClip.width)).map { _ in random.uniform(-1, 1) })
  }()

  private func turned(by limit: Float, sample: String) -> SkeletonClip {
    var random = KeyedRandom(seed: 1, sample: sample, view: "test")
    return Augmentation.rotation(upTo: limit)(clip, &random)
  }

  private func joints(_ clip: SkeletonClip) -> [SIMD3<Float>] {
    (0..<clip.frameCount * 50).map { index in
      let at = index / 50 * SkeletonClip.width + index % 50 / 2 * 6 + index % 2
      return SIMD3(clip.values[at], clip.values[at + 2], clip.values[at + 4])
    }
  }

  /// Lengths and angles stay, hands stay what they were, and all frames and bodies turn alike.
  @Test func bodiesStayWhatTheyAre() {
    let (before, after) = (joints(clip), joints(turned(by: 0.3, sample: "a")))
    func dot(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float { (a * b).sum() }
    func volume(_ a: ArraySlice<SIMD3<Float>>) -> Float {
      let (x, y, z) = (a[a.startIndex], a[a.startIndex + 1], a[a.startIndex + 2])
      return x.x * (y.y * z.z - y.z * z.y) - x.y * (y.x * z.z - y.z * z.x) + x.z * (y.x * z.y - y.y * z.x)
    }
    for index in 0..<before.count - 60 {
      for other in [index, index + 1, index + 55] {
        let difference = dot(before[index], before[other]) - dot(after[index], after[other])
        #expect(abs(difference) < 1e-5)
      }
      #expect(abs(volume(before[index...]) - volume(after[index...])) < 1e-5)
    }
  }

  /// Each angle is up to the limit, and no further: the furthest joint's way is that of three such turns.
  @Test func turnsAreAsLongAsAllowed() {
    var largest: Float = 0
    for sample in 0..<200 {
      let after = joints(turned(by: 0.3, sample: "\(sample)"))
      for (a, b) in zip(joints(clip), after) {
        let angle = (a * b).sum() / ((a * a).sum() * (b * b).sum()).squareRoot()
        largest = max(largest, 1 - angle)
      }
    }
    // 1 - cos of 0.3 is 0.045; of three turns of it that add up 0.38.
    #expect(largest > 0.045 && largest < 0.38)
    #expect(turned(by: 0.3, sample: "a") != turned(by: 0.3, sample: "b"))
    let still = turned(by: 0, sample: "a")
    #expect(zip(still.values, clip.values).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  /// About one axis alone it is the matrix that CTR-GCN's program makes of the angle: R_x has sin at row y, column z.
  @Test func directionIsThatOfTheProgram() {
    let quarter = [[90, 0, 0], [0, 90, 0], [0, 0, 90]].map { SkeletonClip.turn(degrees: $0.map(Float.init)) }
    let expected: [[Float]] = [
      [1, 0, 0, 0, 0, 1, 0, -1, 0], [0, 0, -1, 0, 1, 0, 1, 0, 0], [0, 1, 0, -1, 0, 0, 0, 0, 1],
    ]
    for (found, right) in zip(quarter, expected) {
      #expect(zip(found, right).allSatisfy { abs($0 - $1) < 1e-6 }, "\(found)")
    }
  }
}
