import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

@Suite struct PipelineTests {
  private func options(_ inputs: [String], to output: String) -> ConversionOptions {
    ConversionOptions(inputs: inputs, dataset: .ntu60, output: output, shardSize: 8, compression: 1)
  }

  private func synthesize(_ count: Int, in folder: TemporaryFolder, defects: Bool = false) throws -> String {
    let path = folder.path("raw")
    try Synthesis(samples: count, addsDefects: defects).write(to: path)
    return path
  }

  @Test func makesOfEveryDefectWhatTheTruthSays() throws {
    struct Truth: Decodable {
      let goodSamples: Int
      let files: [SyntheticDefects.Truth]
    }
    let folder = try TemporaryFolder()
    let raw = try synthesize(4, in: folder, defects: true)
    let outcome = try Pipeline(options([raw], to: folder.path("out"))).run()
    let truth = try JSONDecoder().decode(
      Truth.self, from: Data(contentsOf: URL(fileURLWithPath: raw + "/truth.json")))
    let report = try #require(outcome.report)
    for file in truth.files {
      let row = try #require(report.rows.first { $0.file == "raw/" + file.file }, "\(file.file)")
      #expect(row.outcome == file.outcome, "\(file.file)")
      #expect(row.reason == file.reason, "\(file.file)")
      #expect(row.byte == file.byte, "\(file.file)")
    }
    // The truth itself is a file that is no recording.
    #expect(report.rows.count == truth.files.count + truth.goodSamples + 1)
    #expect(outcome.hasBadFiles)
    let kept = report.totals["kept", default: 0] + report.totals["repaired", default: 0]
    #expect(outcome.manifest.shards.reduce(0) { $0 + $1.samples } == kept)
  }

  @Test func givesTheSameBytesForAnyNumberOfJobsAndOrderOfInputs() throws {
    let folder = try TemporaryFolder()
    let raw = try synthesize(30, in: folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: raw).sorted().map { raw + "/" + $0 }
    var one = options(names, to: folder.path("one"))
    one.jobs = 1
    _ = try Pipeline(one).run()
    var two = options(names.reversed(), to: folder.path("two"))
    two.jobs = 2
    _ = try Pipeline(two).run()
    let first = try folder.contents(of: "one")
    #expect(first == (try folder.contents(of: "two")))
    #expect(first.keys.sorted() == ["manifest.json", "report.json"] + (0..<4).map { "shards/0000\($0).h5" })
  }

  @Test func finishesWhatIsUnfinishedWithTheSameBytes() throws {
    let folder = try TemporaryFolder()
    let options = options([try synthesize(20, in: folder)], to: folder.path("out"))
    #expect(try Pipeline(options).run().wasDone == false)
    let whole = try folder.contents(of: "out")
    #expect(try Pipeline(options).run().wasDone)
    #expect(try folder.contents(of: "out") == whole)

    for lost in ["manifest.json", "shards/00001.h5"] {
      try FileManager.default.removeItem(atPath: folder.path("out/" + lost))
      #expect(try Pipeline(options).run().wasDone == false)
      #expect(try folder.contents(of: "out") == whole, "\(lost)")
    }
    // A shard that was damaged is found by its digest.
    var damaged = try #require(whole["shards/00000.h5"])
    damaged[damaged.count / 2] ^= 1
    try damaged.write(to: folder.url.appendingPathComponent("out/shards/00000.h5"))
    #expect(try Pipeline(options).run().wasDone == false)
    #expect(try folder.contents(of: "out") == whole)
  }

  @Test func keepsFinishedShardsOfAnInterruptedConversion() throws {
    let folder = try TemporaryFolder()
    let raw = try synthesize(20, in: folder)
    let options = options([raw], to: folder.path("out"))
    // A folder where the third shard should be stops the conversion after two.
    let obstacle = folder.path("out/shards/00002.h5/x")
    try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: true)
    #expect(throws: (any Error).self) { try Pipeline(options).run() }
    let half = try folder.contents(of: "out")
    #expect(half["manifest.json"] == nil)
    #expect(half[".work/0.json"] != nil)
    #expect(half[".work/2.json"] == nil)

    // The first shard's files are not needed any more, as long as they look as they did: it is not made again.
    let shard = folder.path("out/shards/00000.h5")
    let made = try FileManager.default.attributesOfItem(atPath: shard)[.systemFileNumber] as? NSNumber
    try FileManager.default.removeItem(atPath: folder.path("out/shards/00002.h5"))
    #expect(try Pipeline(options).run().wasDone == false)
    #expect(made == (try FileManager.default.attributesOfItem(atPath: shard)[.systemFileNumber] as? NSNumber))
    #expect(try folder.contents(of: "out").keys.contains { $0.hasPrefix(".work") } == false)

    var straight = options
    straight.output = folder.path("straight")
    _ = try Pipeline(straight).run()
    #expect(try folder.contents(of: "out") == folder.contents(of: "straight"))
  }

  @Test func refusesAFolderOfAnotherRecipeOrOtherFiles() throws {
    let folder = try TemporaryFolder()
    let options = options([try synthesize(10, in: folder)], to: folder.path("out"))
    _ = try Pipeline(options).run()
    let whole = try folder.contents(of: "out")
    var other = options
    other.exclusion = .none
    #expect(throws: InputError.self) { try Pipeline(other).run() }
    var fewer = options
    fewer.inputs = [options.inputs[0] + "/S001C001P001R001A001.skeleton"]
    #expect(throws: InputError.self) { try Pipeline(fewer).run() }
    #expect(try folder.contents(of: "out") == whole)
  }

  @Test func refusesASecondConversionIntoTheSameFolder() throws {
    let folder = try TemporaryFolder()
    let held = try OutputFolder(folder.path("out"))
    let error = #expect(throws: InputError.self) { try OutputFolder(folder.path("out")) }
    #expect(error?.kind == .busy)
    #expect(error?.found.contains("\(ProcessInfo.processInfo.processIdentifier)") == true)
    withExtendedLifetime(held) {}
  }

  @Test func leavesOutWhatTheListsSay() throws {
    let folder = try TemporaryFolder()
    let raw = try synthesize(6, in: folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: raw).sorted()
    try FileManager.default.copyItem(
      atPath: raw + "/" + names[0], toPath: raw + "/S001C002P005R002A008.skeleton")
    let list = folder.path("list.txt")
    try "two lines of heading\n\n\(names[1].dropLast(9))\n".write(
      toFile: list, atomically: true, encoding: .utf8)
    for (exclusion, samples, reason) in [
      (Exclusion.official, 6, "official-list"), (.none, 7, nil),
      (try Exclusion(argument: list), 6, "given-list"),
    ] as [(Exclusion, Int, String?)] {
      var options = options([raw], to: folder.path("out-\(exclusion.recorded)"))
      options.exclusion = exclusion
      let outcome = try Pipeline(options).run()
      #expect(outcome.manifest.shards.reduce(0) { $0 + $1.samples } == samples)
      #expect(outcome.report?.rows.first { $0.outcome == .excluded }?.reason == reason)
    }
    #expect(throws: InputError.self) { try Exclusion(argument: folder.path("no such list")) }
  }

  @Test func saysWhenNothingIsLeft() throws {
    let folder = try TemporaryFolder()
    let raw = folder.path("raw")
    try FileManager.default.createDirectory(atPath: raw, withIntermediateDirectories: true)
    let nothing = #expect(throws: InputError.self) {
      try Pipeline(options([raw], to: folder.path("out"))).run()
    }
    #expect(nothing?.kind == .noInput)
    try Data().write(to: URL(fileURLWithPath: raw + "/S001C001P001R001A001.skeleton"))
    let bad = #expect(throws: InputError.self) { try Pipeline(options([raw], to: folder.path("out"))).run() }
    #expect(bad?.kind == .badData)
    #expect(try folder.contents(of: "out")["manifest.json"] == nil)
    #expect(throws: InputError.self) { try Pipeline(options([raw + "x"], to: folder.path("out"))).run() }
  }
}
