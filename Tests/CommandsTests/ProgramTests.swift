import Foundation
import Skeleton
import Testing

@testable import Commands

/// Both programs as their users meet them: the same words and numbers for the same slips.
@Suite struct ProgramTests {
  /// What a program has printed, and how it ended.
  struct Ending: Equatable {
    var status: Int32
    var output: String
    var errors: String
  }

  static func run(_ program: String, _ arguments: [String]) throws -> Ending {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent(program)
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // No command here prints more than a pipe holds.
    let (printed, said) = (
      output.fileHandleForReading.readDataToEndOfFile(), errors.fileHandleForReading.readDataToEndOfFile()
    )
    process.waitUntilExit()
    return Ending(
      status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
      errors: String(decoding: said, as: UTF8.self))
  }

  @Test(arguments: [
    ("skelprep", ["convret", "raw"], "unknown command convret", "did you mean convert?"),
    (
      "skelprep", ["convert", "raw", "--datasett", "ntu60", "--output", "x"], "unknown option --datasett",
      "--dataset?"
    ),
    (
      "skelprep", ["convert", "raw", "--dataset", "ntu60", "--output", "x", "--intervals", "half-opn"],
      "--intervals half-opn", "did you mean half-open?"
    ),
    ("skelprep", ["split", "data", "--protocol", "xveiw"], "--protocol xveiw", "did you mean xview?"),
    ("skeltrain", ["pretrian", "--from", "data"], "unknown command pretrian", "did you mean pretrain?"),
    ("skeltrain", ["evaluate", "liner", "--from", "data"], "unknown command liner", "did you mean linear?"),
    ("skeltrain", ["pretrain", "--from", "data", "--splitt", "xsub"], "unknown option --splitt", "--split?"),
    ("skeltrain", ["embed", "--form", "data"], "unknown option --form", "--from?"),
  ])
  func aSlipIsAnsweredWithWhatWasMeant(program: String, arguments: [String], found: String, hint: String)
    throws
  {
    let ending = try Self.run(program, arguments)
    #expect(ending.status == ExitStatus.usage.rawValue)
    #expect(ending.output == "")
    #expect(ending.errors.hasPrefix("\(program): error: \(found)"), "\(ending.errors)")
    #expect(ending.errors.contains(hint), "\(ending.errors)")
  }

  @Test(arguments: ["skelprep", "skeltrain"])
  func theVersionNamesTheProgram(program: String) throws {
    let ending = try Self.run(program, ["--version"])
    #expect(ending == Ending(status: 0, output: "\(program) \(SkeletonVersion.current)\n", errors: ""))
  }

  @Test(arguments: [
    ("skelprep", ["inspect", "FOLDER"]), ("skelprep", ["split", "FOLDER", "--protocol", "xsub"]),
    ("skelprep", ["verify", "FOLDER"]), ("skelprep", ["finalize", "FOLDER"]),
    ("skelprep", ["view", "FOLDER", "--output", "page.html"]),
    ("skelprep", ["occlude", "FOLDER", "--kind", "spatial", "--output", "out"]),
    ("skelprep", ["export", "FOLDER", "out", "--layout", "frames"]),
    ("skeltrain", ["pretrain", "--from", "FOLDER", "--split", "xsub", "--output", "out"]),
  ])
  func aFolderThatIsNotThereIsSaidNotToBeThere(program: String, arguments: [String]) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("none-\(UUID())").path
    let ending = try Self.run(program, arguments.map { $0 == "FOLDER" ? folder : $0 })
    #expect(ending.status == ExitStatus.noInput.rawValue)
    #expect(ending.errors.hasPrefix("\(program): error: \(folder)"), "\(ending.errors)")
    #expect(ending.errors.contains("no such folder"), "\(ending.errors)")
  }

  /// The kinds of wrong input are exit statuses, and the page of these has a row for each.
  @Test func everyStatusIsOnThePage() throws {
    let page = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources/Commands/Commands.docc/ExitStatuses.md"),
      encoding: .utf8)
    for status in ExitStatus.allCases { #expect(page.contains("\n| \(status.rawValue) |"), "\(status)") }
    for kind in [InputError.Kind.badData, .noInput, .cannotCreate, .inputOutput, .busy] {
      #expect(ExitStatus(rawValue: kind.rawValue) != nil)
    }
  }

  @Test func conversionsTellProgramsInJSONAndQuietOnesNothing() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("commands-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (raw, data) = (folder.appendingPathComponent("raw").path, folder.appendingPathComponent("data").path)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let quiet = try Self.run(
      "skelprep", ["synthesize", "--samples", "4", "--classes", "2", "--output", raw, "-q"])
    #expect(quiet == Ending(status: 0, output: "", errors: ""))
    let made = try Self.run(
      "skelprep", ["convert", raw, "--dataset", "ntu60", "--output", data, "--json", "--progress", "none"])
    let numbers = try #require(
      try JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: Any])
    #expect(numbers["samples"] as? Int == 4)
    #expect((numbers["files"] as? [String: Int])?["kept"] == 4)
    #expect(numbers["was_done"] as? Bool == false)
    let again = try Self.run("skelprep", ["finalize", data, "--json"])
    #expect(again.output.contains("\"was_done\" : true"), "\(again)")
  }
}
