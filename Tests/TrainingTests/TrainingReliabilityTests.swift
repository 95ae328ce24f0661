import Foundation
import Testing

/// Small editions of the scripts in `Tests/Reliability`, each of which takes the commands of `skeltrain` apart.
@Suite(.serialized) struct TrainingReliabilityTests {
  private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Reliability")

  @Test(arguments: ["kill", "disk-full", "faults", "power-loss", "surroundings"])
  func theScriptPasses(name: String) throws {
    let tools = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", Self.scripts.appendingPathComponent("\(name).py").path, "--quick", "--program", "skeltrain",
      "--binary", tools.appendingPathComponent("skelprep").path,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus != 127 else { return print("skipped: no python3") }
    for line in text.split(separator: "\n") where line.hasPrefix("skipped") { print("\(name): \(line)") }
    #expect(process.terminationStatus == 0, "\(text)")
  }
}
