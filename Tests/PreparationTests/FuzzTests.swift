import Foundation
import Testing

/// A few damaged files for each reader; `Tests/fuzz.sh` does it with a million.
@Suite struct FuzzTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Runs the fuzzer as a program of its own, which a crash ends alone.
  private func fuzz(_ arguments: [String], in folder: TemporaryFolder) throws -> (status: Int32, text: String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("skelfuzz")
    process.arguments =
      arguments + [
        "--findings", folder.url.path, "--corpus", Self.package.appendingPathComponent("Tests/Corpus").path,
      ]
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit, "\(text)")
    return (process.terminationStatus, text)
  }

  @Test(arguments: [
    "ntu", "pku", "labels", "zip", "tar", "gzip", "shard", "safetensors", "head", "recipe", "manifest",
    "split",
    "npy", "npz", "pickle", "table", "posejson", "labeltable", "layout",
  ])
  func damagedFilesAreReadOrRefused(target: String) throws {
    let folder = try TemporaryFolder()
    let (status, text) = try fuzz([target, "--inputs", "2000", "--seed", "7"], in: folder)
    #expect(status == 0, "\(text)")
    // Some of both, or the damage is of no use.
    let row = try #require(text.split(separator: "\n").last).split(separator: " ").compactMap { Int($0) }
    #expect(row[0] == 2000 && row[1] > 100 && row[2] > 20, "\(text)")
  }

  /// The same of readers that take a step of a run with what they have read, which few of the files survive.
  @Test(arguments: ["checkpoint", "state"])
  func damagedRunsAreResumedOrRefused(target: String) throws {
    let folder = try TemporaryFolder()
    let (status, text) = try fuzz([target, "--inputs", "300", "--seed", "7"], in: folder)
    #expect(status == 0, "\(text)")
    let row = try #require(text.split(separator: "\n").last).split(separator: " ").compactMap { Int($0) }
    #expect(row[0] == 300 && row[1] > 100 && row[2] > 2, "\(text)")
  }

  /// An input that made a reader crash can be had again by its number, on its own and always the same.
  @Test func anInputIsKnownByItsNumber() throws {
    let folder = try TemporaryFolder()
    for _ in 0..<2 {
      let (status, text) = try fuzz(["zip", "--seed", "7", "--save", "1234"], in: folder)
      #expect(status == 0 && text.contains("zip-7-1234"))
    }
    _ = try fuzz(["zip", "--seed", "8", "--save", "1234"], in: folder)
    let inputs = try ["zip-7-1234", "zip-8-1234"].map {
      try Data(contentsOf: folder.url.appendingPathComponent($0))
    }
    #expect(inputs[0] != inputs[1])
  }
}
