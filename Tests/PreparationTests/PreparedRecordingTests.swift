import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

/// One recording made in memory is the sample that a conversion makes of it, bit for bit.
@Suite struct PreparedRecordingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func convert(_ options: ConversionOptions) throws -> (data: DatasetFolder, recipe: String) {
    _ = try Pipeline(options).run()
    let data = try DatasetFolder(URL(fileURLWithPath: options.output))
    return (data, try data.manifest.recipe.text())
  }

  @Test(arguments: [Profile.agcn300, .stgcn, .raw])
  func aRecordingOfOneActionIsItsSample(profile: Profile) throws {
    try Synthesis(samples: 4).write(to: folder.path("raw"))
    let (data, recipe) = try convert(
      ConversionOptions(
        inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("out"), profile: profile))
    let shard = try data.shard(0)
    for sample in shard.samples {
      let own = try PreparedRecording(folder.path("raw"), named: sample.name, recipe: recipe)
      #expect(own.name == sample.name)
      let rows = sample.start * Shard.frameSize..<(sample.start + sample.length) * Shard.frameSize
      #expect(own.frames == Array(shard.frames[rows]))
    }
    let all = try PreparedRecordings(folder.path("raw"), recipe: recipe)
    #expect(all.names == shard.samples.map(\.name))
    let third = try all.recording(all.names[2])
    #expect(try third == PreparedRecording(folder.path("raw"), named: all.names[2], recipe: recipe))
    let slip = #expect(throws: InputError.self) { try all.recording(all.names[2] + "x") }
    #expect(slip?.kind == .noInput && slip?.hint == "did you mean \(all.names[2])?")
    // A file that is given itself may have any name.
    let first = try #require(shard.samples.first)
    try FileManager.default.copyItem(
      atPath: folder.path("raw/\(first.name).skeleton"), toPath: folder.path("mine.skeleton"))
    let renamed = try PreparedRecording(folder.path("mine.skeleton"), recipe: recipe)
    #expect(renamed.name == "mine")
    #expect(renamed.frames == Array(shard.frames.prefix(first.length * Shard.frameSize)))
  }

  @Test func anUntrimmedRecordingKeepsItsFrames() throws {
    let text = (0..<40).map { frame in
      let body = (0..<25).map { (10..<14).contains(frame) ? "0 0 0" : "\(frame) \($0) 2" }
      return (body + Array(repeating: "0 0 0", count: 25)).joined(separator: " ") + "\n"
    }.joined()
    for (place, content) in [("skeletons", text), ("labels", "1,2,9,2\n")] {
      try FileManager.default.createDirectory(
        atPath: folder.path("raw/\(place)"), withIntermediateDirectories: true)
      try Data(content.utf8).write(to: folder.url.appendingPathComponent("raw/\(place)/0002-L.txt"))
    }
    let (data, recipe) = try convert(
      ConversionOptions(
        inputs: [folder.path("raw")], dataset: .pkummd1, output: folder.path("out"), trimming: .untrimmed))
    let shard = try data.shard(0)
    let own = try PreparedRecording(folder.path("raw/skeletons/0002-L.txt"), recipe: recipe)
    #expect(own.frames.count == 40 * Shard.frameSize && own.frames == shard.frames)
    // The labels have the same name.
    #expect(try PreparedRecording(folder.path("raw"), named: "0002-L", recipe: recipe) == own)
    #expect(throws: InputError.self) {
      try PreparedRecording(folder.path("raw/labels/0002-L.txt"), recipe: recipe)
    }
  }

  /// A profile that no conversion has: the recipe is refused by place before a recording is read.
  @Test func aProfileThatCannotBeFollowedIsRefused() throws {
    for profile in Profile.all { #expect(profile.fault == nil, "\(profile.name)") }
    try Synthesis(samples: 1).write(to: folder.path("raw"))
    let (_, recipe) = try convert(
      ConversionOptions(inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("out")))
    let steps = "\"steps\":["
    let track = "\"bodies\":{\"ids\":{\"gaps\":\"true\",\"rules\":["
    for (from, to, place) in [
      ("{\"joint\":1}", "{\"joint\":-1}", "joint -1"), ("{\"joint\":1}", "{\"joint\":25}", "joint 25"),
      ("{\"joint\":1}", "{\"joint\":60}", "joint 60"), ("\"from\":4", "\"from\":99", "joint 99"),
      ("\"to\":8", "\"to\":-9", "joint -9"), ("\"frames\":300", "\"frames\":-1", "-1 frames"),
      ("\"frames\":300", "\"frames\":0", "0 frames"),
      (steps, steps + "{\"resize\":{\"frames\":9000000000}},", "9000000000 frames"),
      (steps, steps + "{\"keepCountOfFramesWith\":{\"joint\":25}},", "joint 25"),
      (steps, steps + "{\"centreHolding\":{\"joint\":1}},", "a step on frames"),
      ("\"slots\":4", "\"slots\":0", "slots: 0"), ("\"slots\":4", "\"slots\":-1", "slots: -1"),
      ("\"slots\":4", "\"slots\":1000000", "slots: 1000000"),
      ("\"bodies\":{\"slots\":4", track + "{\"merge\":{\"overlap\":-3}}]}", "merge: -3"),
      ("\"bodies\":{\"slots\":4", track + "{\"dropWide\":{\"ratio\":1,\"share\":7}}]}", "share: 7"),
      (steps, steps + String(repeating: "{\"closeGaps\":{}},", count: 100), "steps: 105"),
    ] {
      let changed = recipe.replacing(from, with: to)
      #expect(changed != recipe, "\(from)")
      #expect("\(to)") {
        try PreparedRecording(folder.path("raw"), recipe: changed, in: "head.safetensors")
      } throws: {
        "\($0)".contains("head.safetensors") && "\($0)".contains(place)
      }
    }
  }

  @Test func whatIsNoRecordingIsRefused() throws {
    try Synthesis(samples: 2).write(to: folder.path("raw"))
    let (_, recipe) = try convert(
      ConversionOptions(inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path("out")))
    #expect(throws: InputError.self) { try PreparedRecording(folder.path("nothing"), recipe: recipe) }
    #expect(throws: InputError.self) { try PreparedRecording(folder.path("raw"), recipe: recipe) }
    #expect(throws: InputError.self) {
      try PreparedRecording(folder.path("raw"), named: "S001C001P001R001A099", recipe: recipe)
    }
    #expect(throws: InputError.self) { try PreparedRecording(folder.path("raw"), recipe: "{}") }
    try Data("7\n".utf8).write(to: folder.url.appendingPathComponent("short.skeleton"))
    #expect(throws: InputError.self) { try PreparedRecording(folder.path("short.skeleton"), recipe: recipe) }
  }
}
