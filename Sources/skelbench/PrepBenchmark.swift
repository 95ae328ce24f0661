import ArgumentParser
import Foundation
import Preparation
import Reporting
import Skeleton

/// A whole conversion against merely inflating the same archive.
struct PrepBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prep",
    abstract: "Time a conversion against `unzip -p` of the same archive.",
    discussion: """
      The conversion reads, normalizes, compresses, checks and syncs; unzip inflates on one core and throws away. Both
      alternate; the table has medians.

        skelbench prep recordings.zip --dataset ntu60
      """)

  @Argument(help: "A .zip archive of recordings.")
  var archive: String

  @Option(help: "The data set that the recordings belong to: ntu60 or ntu120.")
  var dataset: String

  @Option(help: "How often each is measured.")
  var rounds = 5

  func run() throws {
    guard let dataset = SkeletonDataset(rawValue: dataset) else {
      throw ValidationError("--dataset is ntu60 or ntu120")
    }
    let output = FileManager.default.temporaryDirectory.appendingPathComponent(
      "skelbench-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: output) }
    let jobs = ProcessInfo.processInfo.activeProcessorCount
    var (inflating, converting): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
      inflating.append(try seconds { try inflate() })
      try? FileManager.default.removeItem(at: output)
      let options = ConversionOptions(
        inputs: [archive], dataset: dataset, output: output.path, exclusion: .none, jobs: jobs)
      converting.append(try seconds { _ = try Pipeline(options).run() })
    }
    let (base, whole) = (median(inflating), median(converting))
    print(
      TextTable(
        header: ["what", "seconds", "ratio"],
        rows: [
          ["unzip -p, 1 core", String(format: "%.2f", base), "1.00"],
          [
            "skelprep convert, \(jobs) jobs", String(format: "%.2f", whole),
            String(format: "%.2f", whole / base),
          ],
        ]))
  }

  private func inflate() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["unzip", "-p", archive]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ValidationError("unzip cannot read \(archive), or is missing")
    }
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
  }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
