import Foundation
import Testing

/// Where a limit leaves OpenBLAS no room, which it would ask for without end.
@Suite struct MemoryLimitTests {
  @Test(.timeLimit(.minutes(1)), arguments: [200_000, 500_000])
  func tooLittleMemoryEndsWithASentence(kibibytes: Int) throws {
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("skeltrain")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "ulimit -v \(kibibytes); exec '\(program.path)' inspect /nowhere"]
    let output = Pipe()
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 71, "\(text)")
    #expect(text.contains("ulimit -v"), "\(text)")
  }
}
