import ArgumentParser
import Commands
import Evaluation
import Foundation

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

  @OptionGroup var json: JSONOption
  @OptionGroup var common: CommonOptions

  func run() throws {
    let results = try folders.map { folder in
      let url = URL(fileURLWithPath: folder)
      return (name: url.lastPathComponent, result: try EvaluationResult(contentsOf: url))
    }
    let table = ResultTable(results)
    try json.show(table, text: "\(table)", common)
  }
}
