import Foundation
import Testing

/// The page on one's own data does what it says: its lines are run as they stand, and the last one names a fall.
@Suite struct OwnDataPageTests {
  private static let programs = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()

  /// The lines of the page's first block of shell.
  private static func lines(_ page: String) throws -> [String] {
    let text = try String(
      contentsOf: LayeringTests.root.appendingPathComponent("Sources/Preparation/Preparation.docc/\(page)"),
      encoding: .utf8)
    let parts = text.components(separatedBy: "```sh\n")
    return try #require(parts.dropFirst().first?.components(separatedBy: "```").first).split(separator: "\n")
      .map(String.init)
  }

  private func run(_ line: String, in folder: URL) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = folder
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PATH": "\(Self.programs.path):\(path)"]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  @Test func everyLineDoesWhatThePageSays() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createSymbolicLink(
      at: folder.appendingPathComponent("pipelines"),
      withDestinationURL: LayeringTests.root.appendingPathComponent("pipelines"))
    let lines = try Self.lines("YourOwnData.md")
    #expect(lines.count == 6)
    var last = ""
    for line in lines {
      let (status, text) = try run(line, in: folder)
      #expect(status == 0, "\(line): \(text)")
      last = text
    }
    // class, name, percent; the likeliest first.
    let row = try #require(last.split(separator: "\n").first { $0.hasPrefix("A0") })
    #expect(row.contains("fall"), "\(last)")
    // The other examples of the page make sense too.
    for line in [
      "skelprep layout coco17 > mine.yaml", "skelprep layout mine.yaml",
      "skelprep split falls --by recording --folds 5 --seed 1",
      "skelprep layout",
    ] {
      let (status, text) = try run(line, in: folder)
      #expect(status == 0, "\(line): \(text)")
    }
    let evaluated = try String(
      contentsOf: folder.appendingPathComponent("run-linear/result.json"), encoding: .utf8)
    #expect(evaluated.contains("class_names") && evaluated.contains("\"walk\""))
  }

  /// Somebody who gives what cannot be is told what to do.
  @Test(arguments: [
    ("skelprep convert pipelines/falls/recordings --dataset falls --output x", 65, "--layout"),
    ("skelprep convert pipelines/falls/recordings --layout cocoo17 --dataset falls --output x", 65, "coco17"),
    (
      "skelprep convert pipelines/falls/recordings --layout kinect25 --dataset falls --output x", 65,
      "--layout right"
    ),
    (
      "skelprep convert pipelines/falls/recordings --layout coco17 --labels none.csv --dataset falls --output x",
      66, "none.csv"
    ),
  ])
  func mistakesAreNamed(line: String, status: Int, word: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createSymbolicLink(
      at: folder.appendingPathComponent("pipelines"),
      withDestinationURL: LayeringTests.root.appendingPathComponent("pipelines"))
    let (found, text) = try run(line, in: folder)
    #expect(found == status && text.contains(word), "\(text)")
  }
}
