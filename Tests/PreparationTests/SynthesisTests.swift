import Formats
import Foundation
import Skeleton
import Testing

@testable import Preparation

@Suite struct SynthesisTests {
  @Test func givesTheSameBytesForTheSameSeed() throws {
    let folder = try TemporaryFolder()
    try Synthesis(samples: 6, jobs: 1).write(to: folder.path("a"))
    try Synthesis(samples: 6, jobs: 2).write(to: folder.path("b"))
    try Synthesis(samples: 6, seed: 2).write(to: folder.path("c"))
    #expect(try folder.contents(of: "a") == folder.contents(of: "b"))
    #expect(try folder.contents(of: "a") != folder.contents(of: "c"))
    #expect(throws: InputError.self) { try Synthesis(samples: 6).write(to: folder.path("a")) }
  }

  @Test(arguments: [SkeletonDataset.ntu60, .ntu120], [2, 10, 60])
  func namesAreOfTheDataSetAndOnNoList(dataset: SkeletonDataset, classCount: Int) throws {
    let synthesis = Synthesis(dataset: dataset, samples: 700, classes: classCount)
    let classes = try SyntheticClasses(count: classCount, dataset: dataset)
    let names = try synthesis.names(of: classes)
    #expect(Set(names).count == 700)
    #expect(names.allSatisfy(dataset.contains))
    #expect(Set(names.map { "\($0)" }).isDisjoint(with: dataset.samplesWithMissingSkeletons))
    #expect(Set(names.map(\.action)) == Set(classes.actions))
    #expect(classes.actions.contains { classes.movement(of: $0).partner != nil })
    for scheme in dataset.protocols where scheme != .xset {
      #expect(Set(names.map { scheme.part(of: $0) }).count == 2, "\(scheme)")
    }
  }

  @Test(arguments: [SkeletonDataset.pkummd1, .pkummd2])
  func refusesDataSetsOfAnotherForm(dataset: SkeletonDataset) throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: InputError.self) {
      try Synthesis(dataset: dataset, samples: 6).write(to: folder.path("a"))
    }
    #expect(error?.file == "--dataset")
    #expect(try folder.contents(of: "a").isEmpty)
  }

  @Test func peopleHaveHumanMeasuresAndStandInFrontOfTheCamera() throws {
    let classes = try SyntheticClasses(count: 60, dataset: .ntu60)
    for action in classes.actions {
      let name = SampleName(setup: 3, camera: 2, subject: action, replication: 1, action: action)
      let performance = Performance(name, classes: classes, seed: 9)
      var camera = Camera(of: name, seed: 9)
      #expect(performance.personCount == (action >= 50 ? 2 : 1))
      #expect((60...100).contains(performance.frameCount))
      for frame in stride(from: 0, to: performance.frameCount, by: 13) {
        for person in 0..<performance.personCount {
          let joints = camera.sees(performance.joints(ofPerson: person, frame: frame))
          for (joint, parent) in Kinect25.parents.enumerated() where joint != parent {
            let bone = joints[joint] - joints[parent]
            let length = (bone * bone).sum().squareRoot()
            #expect((0.002...0.65).contains(length), "\(name) \(Kinect25.jointNames[joint]) \(length)")
          }
          #expect(joints.allSatisfy { (1.0...6.0).contains($0.z) && abs($0.x) < 3 && abs($0.y) < 2 })
        }
      }
    }
  }
}
