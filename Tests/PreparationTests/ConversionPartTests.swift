import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

/// A conversion that several machines share.
@Suite struct ConversionPartTests {
  private let folder: TemporaryFolder
  private let raw: String

  init() throws {
    folder = try TemporaryFolder()
    raw = folder.path("raw")
    try Synthesis(samples: 30, addsDefects: true).write(to: raw)
  }

  private func options(to output: String) -> ConversionOptions {
    ConversionOptions(
      inputs: [raw], dataset: .ntu60, output: folder.path(output), shardSize: 4, compression: 1)
  }

  @Test(arguments: [1, 3, 40]) func partsInAnyOrderGiveTheBytesOfOneRun(count: Int) throws {
    _ = try Pipeline(options(to: "whole")).run()
    for index in (0..<count).reversed() {
      _ = try Pipeline(options(to: "parts")).run(ConversionPart(index: index, of: count))
      #expect(try folder.contents(of: "parts")["manifest.json"] == nil)
    }
    #expect(try ConversionPart.finalize(folder.path("parts")).wasDone == false)
    #expect(try folder.contents(of: "parts") == folder.contents(of: "whole"))
    #expect(try ConversionPart.finalize(folder.path("parts")).wasDone)
    // And neither a part nor the whole has anything to do any more.
    _ = try Pipeline(options(to: "parts")).run(ConversionPart(index: 0, of: count))
    #expect(try Pipeline(options(to: "parts")).run().wasDone)
    #expect(try folder.contents(of: "parts") == folder.contents(of: "whole"))
  }

  @Test func namesTheMissingParts() throws {
    for index in [0, 2] { _ = try Pipeline(options(to: "parts")).run(ConversionPart(index: index, of: 4)) }
    let error = #expect(throws: InputError.self) { try ConversionPart.finalize(folder.path("parts")) }
    #expect(error?.hint.contains("--shard-index 1,3;") == true)
    // One machine may finish what several began.
    #expect(try Pipeline(options(to: "parts")).run().wasDone == false)
    _ = try Pipeline(options(to: "whole")).run()
    #expect(try folder.contents(of: "parts") == folder.contents(of: "whole"))
  }

  @Test func makersOfDifferentPartsShareTheFolderAndNobodyElse() throws {
    let path = folder.path("parts")
    let first = try OutputFolder(path, for: ConversionPart(index: 0, of: 2))
    let second = try OutputFolder(path, for: ConversionPart(index: 1, of: 2))
    #expect(throws: InputError.self) { try OutputFolder(path, for: ConversionPart(index: 1, of: 2)) }
    let error = #expect(throws: InputError.self) { try OutputFolder(path) }
    #expect(error?.kind == .busy)
    withExtendedLifetime((first, second)) {}
  }

  @Test func partsOfOtherFilesOrAnotherRecipeAreRefused() throws {
    _ = try Pipeline(options(to: "parts")).run(ConversionPart(index: 0, of: 2))
    var other = options(to: "parts")
    other.exclusion = .none
    #expect(throws: InputError.self) { try Pipeline(other).run(ConversionPart(index: 1, of: 2)) }
    try FileManager.default.removeItem(atPath: raw + "/S001C001P001R001A001.skeleton")
    #expect(throws: InputError.self) {
      try Pipeline(options(to: "parts")).run(ConversionPart(index: 1, of: 2))
    }
    for part in [
      ConversionPart(index: 2, of: 2), ConversionPart(index: -1, of: 2), ConversionPart(index: 0, of: 0),
    ] {
      #expect(throws: InputError.self) { try Pipeline(options(to: "parts")).run(part) }
    }
  }
}
