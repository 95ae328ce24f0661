import ArgumentParser
import Evaluation
import Foundation
import Reporting

/// `skeltrain report`
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a run's curves, results and checkpoints as one HTML page.",
    discussion: """
      Example:

        skeltrain report run --result run-linear --result run-retrieval --output run.html

      The page needs no other file and no network. Results of this run's checkpoints are also drawn by their epochs.
      A page of the same run is brought up to date; any other file is refused, unless --force replaces it.
      """)

  @Argument(help: "The folder of the run.")
  var folder: String

  @Option(help: "A folder with the result.json of an evaluation. May be repeated.")
  var result: [String] = []

  @Option(help: "The file to write.")
  var output: String

  @Flag(help: "Replace a file that is there, whatever it is.")
  var force = false

  func run() throws {
    let page = try RunPage(
      URL(fileURLWithPath: folder), results: result.map { URL(fileURLWithPath: $0) })
    try page.write(to: URL(fileURLWithPath: output), isReplacing: force)
    printVisible("page: \(output)")
  }
}
