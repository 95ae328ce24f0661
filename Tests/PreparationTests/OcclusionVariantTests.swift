import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

@Suite struct OcclusionVariantTests {
  /// A hint to delete the folder would be about the parent itself.
  @Test func isNotMadeInPlaceOfItsParent() throws {
    let folder = try TemporaryFolder()
    try Synthesis(samples: 3, classes: 3).write(to: folder.path("raw"))
    _ = try Pipeline(
      ConversionOptions(inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("data"))
    ).run()
    let before = try folder.contents(of: "data")
    let occlusion = Occlusion(kind: .spatial, ratio: try Occlusion.Ratio(0.3, 0.7), seed: 1)
    let error = #expect(throws: InputError.self) {
      try OcclusionVariant(occlusion).write(of: folder.path("data"), to: folder.path("data/."))
    }
    #expect(error?.hint.isEmpty == true && error?.found.contains("a variant") == true)
    #expect(try folder.contents(of: "data") == before)
  }

  @Test(arguments: Occlusion.Kind.allCases) func hidesInOnePartOfASplitOnly(kind: Occlusion.Kind) throws {
    let folder = try TemporaryFolder()
    try Synthesis(samples: 30, classes: 5).write(to: folder.path("raw"))
    let parent = folder.path("parent")
    _ = try Pipeline(
      ConversionOptions(
        inputs: [folder.path("raw")], dataset: .ntu60, output: parent, shardSize: 12, compression: 1)
    ).run()
    let split = try Splitting.write(protocol: .xview, in: parent).split
    let occlusion = Occlusion(kind: kind, ratio: try Occlusion.Ratio(0.3, 0.7), seed: 3)
    let variant = folder.path("variant")
    let outcome = try OcclusionVariant(occlusion, of: ("xview", .test), compression: 1, jobs: 2)
      .write(of: parent, to: variant)
    #expect(outcome.occludedSamples == split.test.count)
    #expect((0.3...0.7).contains(outcome.meanShare))

    let before = try DatasetFolder(URL(fileURLWithPath: parent))
    let after = try DatasetFolder(URL(fileURLWithPath: variant))
    #expect(after.manifest.variantOf == (try Manifest.digest(of: before.url)))
    #expect(after.manifest.kind == kind.rawValue)
    #expect(after.manifest.ratio == [0.3, 0.7])
    #expect(after.manifest.seed == 3)
    #expect(try after.split("xview").test == split.test)
    for index in before.manifest.shards.indices {
      let (old, new) = (try before.shard(index), try after.shard(index))
      #expect(old.samples == new.samples)
      for sample in old.samples {
        let mask = occlusion.mask(of: sample.name, frameCount: sample.length)
        let isTest = split.test.contains(sample.name)
        var hidden = 0
        for row in sample.rows {
          for place in (row * Shard.visibleSize)..<((row + 1) * Shard.visibleSize) {
            let isHidden =
              isTest && mask.frames.contains(row - sample.start) && mask.joints.contains(place % 25)
            let expected = isHidden ? [0, 0, 0] : Array(old.frames[place * 3..<place * 3 + 3])
            if Array(new.frames[place * 3..<place * 3 + 3]) != expected { hidden = .min }
            if new.visible[place] != (isHidden ? 0 : old.visible[place]) { hidden = .min }
            hidden += isHidden ? 1 : 0
          }
        }
        #expect(isTest ? hidden > 0 : hidden == 0, "\(sample.name)")
      }
    }
    // Again, with another number of jobs, and not over what is there.
    _ = try OcclusionVariant(occlusion, of: ("xview", .test), compression: 1, jobs: 1)
      .write(of: parent, to: folder.path("again"))
    #expect(try folder.contents(of: "again") == folder.contents(of: "variant"))
    #expect(throws: InputError.self) { try OcclusionVariant(occlusion).write(of: parent, to: variant) }
    #expect(try folder.contents(of: "again") == folder.contents(of: "variant"))
    #expect(throws: InputError.self) {
      try OcclusionVariant(occlusion, of: ("xsub", .test)).write(of: parent, to: folder.path("no"))
    }
  }

  @Test func goesOnWhereItWasAndSaysWhenThereIsNothingToDo() throws {
    let folder = try TemporaryFolder()
    try Synthesis(samples: 9).write(to: folder.path("raw"))
    let parent = folder.path("parent")
    _ = try Pipeline(
      ConversionOptions(inputs: [folder.path("raw")], dataset: .ntu60, output: parent, shardSize: 3)
    ).run()
    _ = try Splitting.write(protocol: .xview, in: parent)
    let occlusion = Occlusion(kind: .temporal, ratio: try Occlusion.Ratio(0.3, 0.7), seed: 3)
    let variant = OcclusionVariant(occlusion)
    #expect(try variant.write(of: parent, to: folder.path("straight")).wasDone == false)
    let straight = try folder.contents(of: "straight")

    // A folder where the last shard should be stops it after two.
    let obstacle = folder.path("out/shards/00002.h5/x")
    try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: true)
    #expect(throws: InputError.self) { try variant.write(of: parent, to: folder.path("out")) }
    let half = try folder.contents(of: "out")
    #expect(half["manifest.json"] == nil && half[".work/1.json"] != nil && half[".work/2.json"] == nil)
    try FileManager.default.removeItem(atPath: folder.path("out/shards/00002.h5"))
    let other = OcclusionVariant(occlusion, of: ("xview", .train))
    #expect { try other.write(of: parent, to: folder.path("out")) } throws: { error in
      (error as? InputError)?.kind == .cannotCreate
    }
    func number() throws -> NSNumber? {
      try FileManager.default.attributesOfItem(atPath: folder.path("out/shards/00001.h5"))[.systemFileNumber]
        as? NSNumber
    }
    let made = try number()
    let outcome = try variant.write(of: parent, to: folder.path("out"))
    #expect(outcome.wasDone == false && outcome.occludedSamples == 9)
    #expect(try number() == made)
    #expect(try folder.contents(of: "out") == straight)

    let again = try variant.write(of: parent, to: folder.path("out"))
    #expect(again.wasDone && again.occludedSamples == 9 && again.meanShare == outcome.meanShare)
    // What is missing afterwards is made again, and nothing else.
    for lost in ["splits/xview.json", "shards/00002.h5", "manifest.json"] {
      try FileManager.default.removeItem(atPath: folder.path("out/" + lost))
      _ = try variant.write(of: parent, to: folder.path("out"))
      #expect(try folder.contents(of: "out") == straight, "\(lost)")
    }
    for settings in [other, OcclusionVariant(occlusion, compression: 9)] {
      #expect(throws: InputError.self) { try settings.write(of: parent, to: folder.path("out")) }
      #expect(try folder.contents(of: "out") == straight)
    }
    let held = try OutputFolder(folder.path("out"))
    let busy = #expect(throws: InputError.self) { try variant.write(of: parent, to: folder.path("out")) }
    #expect(busy?.kind == .busy)
    withExtendedLifetime(held) {}
  }
}
