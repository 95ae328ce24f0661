import ArgumentParser
import Evaluation
import Foundation
import Reporting
import Shards

/// `skeltrain report`
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a run's curves, results and checkpoints as one HTML page.",
    discussion: """
      Example:

        skeltrain report run --result run-linear --result run-retrieval --output run.html

      The page needs no other file and no network. Results of this run's checkpoints are also drawn by their epochs.
      """)

  @Argument(help: "The folder of the run.")
  var folder: String

  @Option(help: "A folder with the result.json of an evaluation. May be repeated.")
  var result: [String] = []

  @Option(help: "The file to write.")
  var output: String

  func run() throws {
    let page = try RunPage(
      URL(fileURLWithPath: folder), results: result.map { URL(fileURLWithPath: $0) })
    try AtomicFile.write(Data(page.html.utf8), to: URL(fileURLWithPath: output))
    printVisible("page: \(output)")
  }
}
