import Skeleton
import Testing

@testable import Preparation
@testable import Shards

@Suite struct OcclusionTests {
  private let names = (0..<400).map { "sample \($0)" }

  @Test func spatialMasksAreWholePartsNearTheRatio() throws {
    let occlusion = Occlusion(kind: .spatial, ratio: try Occlusion.Ratio(0.3, 0.7), seed: 1)
    var shares: [Double] = []
    for name in names {
      let mask = occlusion.mask(of: name, frameCount: 50)
      let hidden = Set(mask.joints)
      #expect(mask.joints.count == hidden.count)
      #expect(mask.frames == 0..<50)
      for part in Kinect25.parts {
        let count = part.joints.count { hidden.contains($0) }
        #expect(count == 0 || count == part.joints.count, "\(name): \(part.name)")
      }
      // Between two sums of whole parts there are at most four joints, so no ratio is missed by over two.
      #expect((6...20).contains(hidden.count), "\(name): \(hidden.count)")
      shares.append(mask.share(ofFrames: 50))
    }
    let mean = shares.reduce(0, +) / Double(shares.count)
    #expect(abs(mean - 0.5) < 0.03, "\(mean)")
    #expect(Set(shares).count > 5)
  }

  @Test func temporalMasksAreOneBlockOfTheRatio() throws {
    let occlusion = Occlusion(kind: .temporal, ratio: try Occlusion.Ratio(0.3, 0.7), seed: 1)
    var starts: Set<Int> = []
    for frameCount in [1, 2, 3, 10, 300] {
      for name in names.prefix(100) {
        let mask = occlusion.mask(of: name, frameCount: frameCount)
        #expect(mask.joints == Array(0..<25))
        #expect(mask.frames.lowerBound >= 0 && mask.frames.upperBound <= frameCount)
        if frameCount == 1 {
          #expect(mask.frames.isEmpty)
        } else {
          #expect((1..<frameCount).contains(mask.frames.count))
        }
        if frameCount == 300 {
          #expect((90...210).contains(mask.frames.count))
          starts.insert(mask.frames.lowerBound)
        }
      }
    }
    #expect(starts.count > 30)
  }

  @Test func masksDependOnSeedAndNameAlone() throws {
    let ratio = try Occlusion.Ratio(0.3, 0.7)
    for kind in Occlusion.Kind.allCases {
      let first = Occlusion(kind: kind, ratio: ratio, seed: 1)
      let masks = names.map { first.mask(of: $0, frameCount: 100) }
      #expect(masks == names.reversed().map { first.mask(of: $0, frameCount: 100) }.reversed())
      let other = Occlusion(kind: kind, ratio: ratio, seed: 2)
      #expect(masks != names.map { other.mask(of: $0, frameCount: 100) })
    }
  }

  @Test func hidingZeroesBothBodiesAndNothingElse() {
    var joints = (0..<(4 * 150)).map { Float($0 + 1) }
    var visible = Array(repeating: UInt8(1), count: 4 * 50)
    let before = joints
    let mask = Occlusion.Mask(joints: [3, 24], frames: 1..<3)
    mask.hide(in: &joints, visible: &visible)
    for index in joints.indices {
      let frame = index / 150
      let joint = index / 3 % 25
      let isHidden = (1..<3).contains(frame) && [3, 24].contains(joint)
      #expect(joints[index] == (isHidden ? 0 : before[index]))
      #expect(visible[index / 3] == (isHidden ? 0 : 1))
    }
  }

  @Test func readsRatios() throws {
    #expect(try Occlusion.Ratio(argument: "0.3...0.7") == Occlusion.Ratio(0.3, 0.7))
    #expect(try Occlusion.Ratio(argument: "0.5") == Occlusion.Ratio(0.5, 0.5))
    for text in ["", "0.7...0.3", "0...1", "-0.1", "1", "a...b", "0.1...0.2...0.3", "nan"] {
      #expect(throws: InputError.self, "\(text)") { try Occlusion.Ratio(argument: text) }
    }
  }
}
