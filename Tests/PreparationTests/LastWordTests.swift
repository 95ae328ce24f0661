import Foundation
import Preparation
import Skeleton
import Testing

/// What a command's output ends with, both streams in one file, as logs have it.
@Suite struct LastWordTests {
  private func run(_ arguments: [String]) throws -> (status: Int32, lines: [Substring]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("skelprep")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text.split(separator: "\n"))
  }

  @Test func ofAFailureIsTheFailure() throws {
    let folder = try TemporaryFolder()
    let data = folder.path("data")
    try Synthesis(samples: 6, classes: 3).write(to: folder.path("raw"))
    for output in ["data", "other"] {
      _ = try Pipeline(
        ConversionOptions(inputs: [folder.path("raw")], dataset: .ntu60, output: folder.path(output))
      ).run()
    }
    _ = try Export(layout: .nctvm300).write(data, to: folder.path("out"))
    let array = folder.path("out/all_data_joint.npy")
    let good = try run(["verify", data, "--against", array])
    #expect(good.status == 0 && good.lines.last == "the array agrees", "\(good)")
    let wrong = try run(["verify", data, "--against", folder.path("out/all_num_frame.npy")])
    #expect(wrong.status == 65 && wrong.lines.last?.contains("the shape") == true, "\(wrong)")
    #expect(!wrong.lines.contains("all is well"))
    // The array is right, and the data set is not.
    try Data("{".utf8).write(to: folder.url.appendingPathComponent("data/report.json"))
    let damaged = try run(["verify", data, "--against", array])
    #expect(
      damaged.status == 65 && damaged.lines.last?.contains("with the data set itself") == true, "\(damaged)")
    // An error that comes after something was printed.
    try Data("no numbers".utf8).write(to: folder.url.appendingPathComponent("data/shards/00000.h5"))
    let broken = try run(["verify", data, "--against", array])
    #expect(broken.status == 65 && broken.lines.last?.contains("00000.h5") == true, "\(broken)")
  }

  @Test func synthesizeListsWhatItTakes() throws {
    let help = try run(["synthesize", "--help"]).lines.joined(separator: " ").split(separator: " ").joined(
      separator: " ")
    #expect(help.contains("ntu60, ntu120") && !help.contains("pkummd"), "\(help)")
  }
}
