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

  @Test func isFinishedAfterAnInterruption() throws {
    let folder = try TemporaryFolder()
    try Synthesis(samples: 6, addsDefects: true).write(to: folder.path("whole"))
    let obstacle = folder.path("out/S001C001P001R001A004.skeleton/x")
    try FileManager.default.createDirectory(
      atPath: folder.path("out/.work"), withIntermediateDirectories: true)
    try Data("ntu60 samples 6 classes 10 seed 1 defects true".utf8).write(
      to: folder.url.appendingPathComponent("out/.work/synthesis"))
    try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: true)
    #expect(throws: InputError.self) {
      try Synthesis(samples: 6, addsDefects: true).write(to: folder.path("out"))
    }
    try FileManager.default.removeItem(atPath: folder.path("out/S001C001P001R001A004.skeleton"))
    #expect(throws: InputError.self) {
      try Synthesis(samples: 7, addsDefects: true).write(to: folder.path("out"))
    }
    try Synthesis(samples: 6, addsDefects: true).write(to: folder.path("out"))
    #expect(try folder.contents(of: "out") == folder.contents(of: "whole"))
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

  @Test(arguments: [2, 3, 7])
  func severalSetupsHaveBothSidesOfXset(setups: Int) throws {
    var synthesis = Synthesis(dataset: .ntu120, samples: 600, classes: 10)
    let classes = try SyntheticClasses(count: 10, dataset: .ntu120)
    let before = try synthesis.names(of: classes)
    synthesis.setups = setups
    let names = try synthesis.names(of: classes)
    #expect(Set(names).count == 600 && names != before)
    #expect(Set(names.map(\.setup)) == Set(1...setups))
    let test = names.count { EvaluationProtocol.xset.part(of: $0) == .test }
    #expect((200...400).contains(test), "\(test)")
    #expect(Set(names.map(\.action)) == Set(classes.actions))
    synthesis.setups = 33
    #expect(throws: InputError.self) { try synthesis.names(of: classes) }
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
