import Batches
import Foundation
import Shards
import Skeleton
import Testing

@testable import Evaluation

/// What samples are made worse by, on clips that can be looked through.
@Suite struct CorruptionTests {
  /// Body 0 stands at (2, y, 3) with joints at different heights; body 1 is not there.
  private var clip: SkeletonClip {
    var values = [Float](repeating: 0, count: 20 * 150)  // (T, V, C, M)
    for frame in 0..<20 {
      for joint in 0..<25 {
        let place = frame * 150 + joint * 6
        values[place] = 2 + 0.1 * Float(joint == 1 ? 0 : joint)
        values[place + 2] = Float(joint) * 0.05 + 0.01 * Float(frame)
        values[place + 4] = 3
      }
    }
    return SkeletonClip(values: values)
  }

  private func applied(_ kind: Corruption, _ level: Int, name: String = "a", seed: UInt64 = 1) -> SkeletonClip
  {
    kind.applied(to: clip, name: name, level: level, seed: seed, up: 1)
  }

  @Test(arguments: Corruption.allCases)
  func drawsDependOnSeedAndNameAlone(kind: Corruption) {
    #expect(applied(kind, 40) == applied(kind, 40))
    #expect(applied(kind, 40) != clip)
    // A view has two sides only, and eleven seeds in a row happen to take the same.
    #expect((2..<40).contains { applied(kind, 40, seed: $0) != applied(kind, 40) })
    #expect((2..<40).contains { applied(kind, 40, name: "\($0)") != applied(kind, 40) })
  }

  @Test func hiddenPartsAreThoseOfOccludedDataSets() throws {
    for (kind, occlusion) in [(Corruption.spatial, Occlusion.Kind.spatial), (.temporal, .temporal)] {
      let mask = Occlusion(kind: occlusion, ratio: try Occlusion.Ratio(0.4, 0.4), seed: 1).mask(
        of: "a", frameCount: 20)
      let result = applied(kind, 40)
      for frame in 0..<20 {
        for joint in 0..<25 {
          let hidden = mask.frames.contains(frame) && mask.joints.contains(joint)
          #expect((result.values[frame * 150 + joint * 6] == 0) == hidden)
        }
      }
      #expect(abs(mask.share(ofFrames: 20) - 0.4) < 0.15)
    }
  }

  @Test func higherLevelsDropMoreOfTheSame() {
    func frames(_ clip: SkeletonClip) -> [Float] {
      (0..<clip.frameCount).map { clip.values[$0 * 150 + 2] }
    }
    let (some, most, all) = (applied(.frames, 30), applied(.frames, 80), applied(.frames, 100))
    #expect(some.frameCount < 20 && most.frameCount < some.frameCount && all.frameCount == 1)
    #expect(Set(frames(most)).isSubset(of: frames(some)) && frames(some) == frames(some).sorted())
  }

  @Test func noiseHasItsDeviationAndLeavesWhatIsNotSeen() {
    let (little, much) = (applied(.noise, 10), applied(.noise, 100))
    var squares: Float = 0
    for place in clip.values.indices {
      let (a, b) = (little.values[place] - clip.values[place], much.values[place] - clip.values[place])
      #expect(abs(10 * a - b) < 1e-4)
      squares += b * b
      // The second body, which is not there.
      if place % 2 == 1 { #expect(b == 0) }
    }
    #expect(abs((squares / 1500).squareRoot() - 0.1) < 0.01)
  }

  @Test func viewsTurnAboutTheUprightLine() {
    let turned = applied(.view, 90)
    for frame in 0..<20 {
      for joint in 0..<25 {
        let place = frame * 150 + joint * 6
        let (x, z) = (clip.values[place] - 2, clip.values[place + 4] - 3)
        #expect(turned.values[place + 2] == clip.values[place + 2])
        #expect(abs(abs(turned.values[place + 4] - 3) - abs(x)) < 1e-5)
        #expect(abs(abs(turned.values[place] - 2) - abs(z)) < 1e-5)
        #expect(turned.values[place + 1] == 0)
      }
    }
    let about = clip.turned(by: .pi / 2, up: 2)
    #expect(about.values[4] == clip.values[4] && about.values[6 * 5] != clip.values[6 * 5])
  }

  @Test func uprightIsWhereHeadsAre() throws {
    let folder = try TemporaryFolder()
    try SmallGestures.write(to: folder.url)
    let source = try SampleSource(DatasetFolder(folder.url), split: "xview", part: .test)
    // z rises with the joint's number there, and heads come before feet: the sign does not matter.
    #expect(try source.upright() == 2)
  }
}
