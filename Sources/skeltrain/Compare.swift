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
    let results = try folders.map { try EvaluationResult(contentsOf: URL(fileURLWithPath: $0)) }
    var titles: [String] = []
    for title in results.flatMap({ $0.measures.map(\.title) }) where !titles.contains(title) {
      titles.append(title)
    }
    let rows = zip(folders, results).map { folder, result in
      [
        URL(fileURLWithPath: folder).lastPathComponent, result.task, result.checkpointNames, result.split,
      ]
        + titles.map { title in result.measures.first { $0.title == title }?.text ?? "" }
    }
    let header = ["result", "task", "checkpoint", "split"] + titles.map { "\($0) %" }
    print(TextTable(header: header, rows: rows))
  }
}
