import ArgumentParser
import Evaluation
import Foundation
import Reporting

/// `skeltrain compare`
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the results of several evaluations in one table.",
    discussion: """
      Example:

        skeltrain compare run-linear run-retrieval
      """)

  @Argument(help: "Folders with a result.json.")
  var folders: [String]

  func run() throws {
    let rows = try folders.map { folder in
      let result = try EvaluationResult(contentsOf: URL(fileURLWithPath: folder))
      func percent(_ value: Double) -> String { String(format: "%.1f", value) }
      return [
        URL(fileURLWithPath: folder).lastPathComponent, result.task, result.checkpoint, result.split,
        percent(result.accuracy.top1), percent(result.accuracy.top5), percent(result.accuracy.mean_class),
      ]
    }
    let header = ["result", "task", "checkpoint", "split", "top-1 %", "top-5 %", "mean class %"]
    print(TextTable(header: header, rows: rows))
  }
}
