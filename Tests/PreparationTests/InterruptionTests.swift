import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

/// The command itself, killed and short of space: nothing is published, and the same command finishes the job.
@Suite(.serialized) struct InterruptionTests {
  private let folder: TemporaryFolder
  private let raw: String

  init() throws {
    folder = try TemporaryFolder()
    raw = folder.path("raw")
    try Synthesis(samples: 40).write(to: raw)
  }

  /// Starts `skelprep convert` into a folder, after shell commands that set its limits.
  private func convert(to output: String, after limits: String = "true") throws -> Process {
    let tool = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("skelprep").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "\(limits); exec \"$0\" \"$@\"", tool, "convert", raw, "--dataset", "ntu60", "--exclude", "none",
      "--output",
      folder.path(output), "--shard-size", "5", "--progress", "none",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func finish(_ output: String) throws -> [String: Data] {
    let process = try convert(to: output)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try folder.contents(of: output)
  }

  @Test func aKilledConversionIsUnfinishedAndThenTheSame() throws {
    let undisturbed = try finish("whole")
    #expect(undisturbed["manifest.json"] != nil)
    var random = KeyedRandom(seed: 3, view: "kills")
    var interrupted = 0
    for attempt in 0..<8 {
      let process = try convert(to: "killed")
      Thread.sleep(forTimeInterval: Double(random.uniform(0.02, 0.5)))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let files = try folder.contents(of: "killed")
      guard files["manifest.json"] == nil else { continue }
      interrupted += 1
      #expect(throws: InputError.self, "kill \(attempt)") {
        try DatasetFolder(URL(fileURLWithPath: folder.path("killed")))
      }
    }
    #expect(interrupted > 0, "every conversion was over before it was killed")
    #expect(try finish("killed") == undisturbed)
  }

  /// A limit on the size of files is met by every shard, as a full disk would be.
  @Test func aWriteThatFailsEndsWithAnErrorAndThenTheSame() throws {
    let undisturbed = try finish("whole")
    let process = try convert(to: "full", after: "ulimit -f 16")
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 74)
    #expect(try folder.contents(of: "full")["manifest.json"] == nil)
    #expect(try finish("full") == undisturbed)
  }
}
