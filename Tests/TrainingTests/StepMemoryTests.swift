import Foundation
import Testing

/// Once training is under way, steps live on the memory of those before them. A program of its own, `skelbench
/// train-worker`, is asked for steps and counts, since all suites of this one share their memory.
@Suite struct StepMemoryTests {
  /// What the worker says about a step.
  private struct Report: Decodable {
    let allocated: Int
    let faults: Int
  }

  @Test(arguments: ["stepwise", "bidirectional"])
  func nothingLargeIsAllocatedAfterTheThirdStep(mode: String) throws {
    let (process, input, output) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("skelbench")
    // The queue is 2 MiB, its similarities are 128 KiB, and the traces of a pass 96 KiB a layer.
    process.arguments = [
      "train-worker", "--mode", mode, "--hidden", "24", "--batch", "8", "--frames", "16", "--queue", "4096",
      "--threads", "2",
    ]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(String(repeating: "step\n", count: 12).utf8))
    try input.fileHandleForWriting.close()
    let lines = try #require(try output.fileHandleForReading.readToEnd()).split(separator: UInt8(ascii: "\n"))
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let reports = try lines.dropFirst().map { try JSONDecoder().decode(Report.self, from: Data($0)) }
    try #require(reports.count == 12)
    #expect(reports[0].allocated > 4 << 20, "the first step allocates, and is counted")
    for (index, report) in reports.enumerated().dropFirst(3) {
      #expect(report.allocated < 1 << 16, "step \(index + 1): \(report.allocated) bytes")
    }
    // What the system had to find a page for, whoever asked: batches on the loader's thread, too.
    let faults = reports.dropFirst(6).map(\.faults).sorted()
    #expect(faults[faults.count / 2] < 256, "\(faults) pages")
  }
}
