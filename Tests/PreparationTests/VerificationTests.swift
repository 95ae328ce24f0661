import Foundation
import Numpy
import Shards
import Skeleton
import Testing

@testable import Preparation

@Suite struct VerificationTests {
  /// A data set with a report of some rows, an official exclusion, splits, and a variant of it.
  private func datasets(_ folder: TemporaryFolder) throws -> (data: String, variant: String) {
    try Synthesis(samples: 10, classes: 3, addsDefects: true).write(to: folder.path("raw"))
    _ = try Pipeline(
      ConversionOptions(
        inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("data"), shardSize: 5,
        compression: 1)
    ).run()
    for scheme in [EvaluationProtocol.xview, .xsub] {
      _ = try Splitting.write(protocol: scheme, in: folder.path("data"))
    }
    let occlusion = Occlusion(kind: .temporal, ratio: try Occlusion.Ratio(0.3, 0.7), seed: 3)
    _ = try OcclusionVariant(occlusion, of: ("xview", .test), compression: 1)
      .write(of: folder.path("data"), to: folder.path("variant"))
    return (folder.path("data"), folder.path("variant"))
  }

  @Test func findsNothingWhereNothingIsWrong() throws {
    let folder = try TemporaryFolder()
    let (data, variant) = try datasets(folder)
    let verification = try Verification(data, jobs: 2)
    #expect(verification.faults.isEmpty, "\(verification)")
    #expect(verification.notes.isEmpty)
    #expect(verification.checks.allSatisfy { !$0.isSkipped })
    let ofVariant = try Verification(variant, parent: data)
    #expect(ofVariant.faults.isEmpty, "\(ofVariant)")
    #expect(ofVariant.checks.last?.name == "parent")
    #expect(throws: InputError.self) { try Verification(folder.path("none")) }
  }

  /// One bit of each file in turn, at many places: the file is named, always.
  @Test func namesEveryFileOfWhichABitIsFlipped() throws {
    let folder = try TemporaryFolder()
    _ = try datasets(folder)
    for name in ["data", "variant"] {
      for (path, bytes) in try folder.contents(of: name).sorted(by: { $0.key < $1.key }) {
        let file = URL(fileURLWithPath: folder.path("\(name)/\(path)"))
        let isJSON = path.hasSuffix(".json")
        let step = max(1, bytes.count / (isJSON ? 10 : 5))
        let places = [0, bytes.count - 1] + stride(from: 1, to: bytes.count, by: step)
        for place in places {
          var damaged = bytes
          damaged[place] ^= UInt8(1 << (place % 8))
          try damaged.write(to: file)
          let faults = try Verification(folder.path(name)).faults
          #expect(faults.contains { $0.file == file.path }, "\(path), byte \(place): \(faults)")
        }
        try bytes.write(to: file)
      }
      #expect(try Verification(folder.path(name)).faults.isEmpty)
    }
  }

  /// Every file is deleted, cut short, emptied and doubled in turn.
  @Test func namesEveryFileThatIsMissingOrCut() throws {
    let folder = try TemporaryFolder()
    let (data, _) = try datasets(folder)
    for (path, bytes) in try folder.contents(of: "data").sorted(by: { $0.key < $1.key }) {
      let file = URL(fileURLWithPath: data + "/" + path)
      for other in [bytes.dropLast(1), Data(), bytes + bytes, bytes.prefix(bytes.count / 2)] {
        try Data(other).write(to: file)
        let faults = try Verification(data).faults
        #expect(faults.contains { $0.file == file.path }, "\(path), \(other.count) bytes: \(faults)")
      }
      try FileManager.default.removeItem(at: file)
      let verification = try Verification(data)
      if path.hasPrefix("splits/") {
        // A split more or less is a split more or less.
        #expect(verification.faults.isEmpty)
      } else {
        #expect(verification.faults.contains { $0.file.hasPrefix(data) }, "\(path): \(verification)")
      }
      try bytes.write(to: file)
    }
  }

  /// What somebody does by hand, keeping it readable.
  @Test func findsWhatWasEditedByHand() throws {
    let folder = try TemporaryFolder()
    let (data, variant) = try datasets(folder)
    let train = try DatasetFolder(URL(fileURLWithPath: data)).split("xview").train[0]
    let test = try DatasetFolder(URL(fileURLWithPath: data)).split("xview").test[0]
    let edits: [(dataset: String, path: String, from: String, to: String)] = [
      (data, "splits/xview.json", train, test), (data, "splits/xview.json", "\"xview\"", "\"xsub\""),
      (data, "splits/xsub.json", "\"ntu60\"", "\"ntu120\""),
      (data, "manifest.json", "\"agcn300\"", "\"agcn301\""),
      (data, "manifest.json", "\"frame_count\" : ", "\"frame_count\" : 1"),
      (data, "manifest.json", "skelprep", "skelprop"), (data, "report.json", "\"kept\"", "\"dropped\""),
      (data, "report.json", train, test), (variant, "manifest.json", "\"seed\" : 3", "\"seed\" : 4"),
      (variant, "manifest.json", "0.7", "0.8"),
    ]
    for edit in edits {
      let file = URL(fileURLWithPath: edit.dataset + "/" + edit.path)
      let before = try String(contentsOf: file, encoding: .utf8)
      let after = before.replacing(edit.from, with: edit.to, maxReplacements: 1)
      #expect(after != before, "\(edit)")
      try Data(after.utf8).write(to: file)
      let faults = try Verification(edit.dataset).faults
      #expect(faults.contains { $0.file == file.path }, "\(edit): \(faults)")
      try Data(before.utf8).write(to: file)
    }
  }

  @Test func findsFilesThatDoNotBelong() throws {
    let folder = try TemporaryFolder()
    let (data, _) = try datasets(folder)
    let shard = try Data(contentsOf: URL(fileURLWithPath: data + "/shards/00000.h5"))
    for path in ["shards/00009.h5", "shards/00001.h5.partial", "report.json.partial", ".work/recipe.json"] {
      let file = URL(fileURLWithPath: data + "/" + path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try shard.write(to: file)
      let faults = try Verification(data).faults
      let named = path.hasPrefix(".work") ? data + "/.work" : file.path
      #expect(faults.map(\.file) == [named])
      try FileManager.default.removeItem(at: file)
    }
    try FileManager.default.removeItem(atPath: data + "/.work")
    try Data("mine".utf8).write(to: URL(fileURLWithPath: data + "/notes.txt"))
    let verification = try Verification(data)
    #expect(verification.faults.isEmpty)
    #expect(verification.notes.count == 1)
  }

  /// Faults of many files are all told, not the first alone.
  @Test func namesAllThatIsWrong() throws {
    let folder = try TemporaryFolder()
    let (data, _) = try datasets(folder)
    let names = ["shards/00000.h5", "shards/00002.h5", "splits/xsub.json", "report.json"]
    for name in names {
      let file = URL(fileURLWithPath: data + "/" + name)
      var bytes = try Data(contentsOf: file)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: file)
    }
    let files = Set(try Verification(data).faults.map(\.file))
    #expect(files == Set(names.map { data + "/" + $0 }))
  }

  /// Shards that are sound files with impossible values, and a manifest that agrees with them.
  @Test func readsEveryValue() throws {
    let folder = try TemporaryFolder()
    let (data, _) = try datasets(folder)
    func verify(_ change: (inout SampleRecord, inout [Float], inout [UInt8]) -> Void) throws -> [InputError] {
      let path = folder.path("changed")
      try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: data, toPath: path)
      let source = try DatasetFolder(URL(fileURLWithPath: path))
      let shard = try source.shard(0)
      var builder = ShardBuilder(attributes: shard.attributes, compression: 1)
      for (index, sample) in shard.samples.enumerated() {
        let clip = SampleFrames(sample, of: shard)
        var (record, joints, visible) = (sample, clip.joints, clip.visible)
        if index == 1 { change(&record, &joints, &visible) }
        try builder.append(record, frames: joints, visible: visible)
      }
      var manifest = source.manifest
      manifest.shards[0] = try builder.write(to: source.shardURL(0))
      try manifest.write(to: source.url)
      try FileManager.default.removeItem(atPath: path + "/splits")
      return try Verification(path).faults
    }
    #expect(try verify { _, _, _ in }.isEmpty)
    // The joint on which frames are centred is at the origin, seen or not.
    #expect(try verify { _, _, visible in visible[51] = 0 }.isEmpty)
    let unseen = try verify { _, _, visible in visible[53] = 0 }
    #expect(unseen.map { $0.place.contains("frame 1, body 0, head") } == [true], "\(unseen)")
    #expect(try verify { record, _, _ in record.bodies = 0 }.count == 1)
    #expect(try verify { record, _, _ in record.label = 7 }.count == 1)
    #expect(try verify { record, _, _ in record.camera += 1 }.count == 1)
    // Such a shard is neither written nor read.
    #expect(throws: InputError.self) { try verify { record, _, _ in record.label = 60 } }
    #expect(try !verify { record, _, _ in record.name = "S001C001P001R001A059" }.isEmpty)
  }

  /// Actions of recordings: ordered by number, their recordings in the report.
  @Test func readsTheActionsOfVideos() throws {
    let folder = try TemporaryFolder()
    func faults(_ names: [String]) throws -> [InputError] {
      let url = folder.url.appendingPathComponent(names.joined(separator: "+"))
      let attributes = ShardAttributes(
        dataset: "pkummd1", profile: "raw", recipe: "{}", generator: Generator.name)
      var builder = ShardBuilder(attributes: attributes, compression: 1)
      for name in names {
        let record = SampleRecord(name: name, label: 50, digest: String(repeating: "0", count: 64))
        try builder.append(
          record, frames: [Float](repeating: 0, count: 150), visible: [UInt8](repeating: 0, count: 50),
          intervals: [ActionInterval(start: 0, end: 1, label: 3)])
      }
      let entry = try builder.write(to: url.appendingPathComponent("shards/00000.h5"))
      try Manifest(
        dataset: "pkummd1", profile: "raw", recipe: .object([:]), generator: Generator.name, shards: [entry]
      ).write(to: url)
      let rows = [ReportRow("PKU/0002-L.txt", sample: "0002-L", .kept)]
      let report = ConversionReport(dataset: "pkummd1", plan: String(repeating: "0", count: 64), rows: rows)
      try report.json().write(to: url.appendingPathComponent("report.json"))
      return try Verification(url.path).faults
    }
    #expect(try faults(["0002-L#0", "0002-L#9", "0002-L#10"]) == [])
    #expect(try faults(["0002-L#10", "0002-L#9"]).map { $0.place } == ["0002-L#9"])
    #expect(try faults(["0002-L#0", "0003-L#0"]).map { $0.expected.contains("0003-L") } == [true])
  }

  @Test func comparesAVariantWithItsParent() throws {
    let folder = try TemporaryFolder()
    let (data, variant) = try datasets(folder)
    #expect(try !Verification(data, parent: variant).faults.isEmpty)
    let other = Occlusion(kind: .temporal, ratio: try Occlusion.Ratio(0.3, 0.7), seed: 4)
    _ = try OcclusionVariant(other, of: ("xview", .test), compression: 1).write(
      of: data, to: folder.path("other"))
    // A manifest that promises the masks of another seed.
    let url = URL(fileURLWithPath: folder.path("other"))
    var manifest = try Manifest.read(url)
    manifest.seed = 3
    try manifest.write(to: url)
    let faults = try Verification(folder.path("other"), parent: data).faults
    #expect(faults.contains { $0.expected.contains("mask of seed 3") }, "\(faults)")
  }
}
