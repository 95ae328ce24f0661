import ArgumentParser
import Foundation
import Reporting
import Training

/// `skeltrain inspect`
struct InspectRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a run was trained on, how far it is, how fast, and which checkpoints are whole.",
    discussion: """
      Example:

        skeltrain inspect run
        skeltrain inspect run --json | jq .rate
      """)

  @Argument(help: "The folder of the run.")
  var folder: String

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  func run() throws {
    let inspection = try RunInspection(RunFolder(URL(fileURLWithPath: folder)))
    if json { print(try inspection.json) } else { printVisible(inspection) }
  }
}
