import ArgumentParser
import Evaluation
import Foundation
import Recipes
import Reporting

/// `skeltrain benchmark`
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measure checkpoints by every task on every data set: one table, one page.",
    discussion: """
      Example:

        skeltrain benchmark pipelines/benchmark/*.yaml --set root=bench --output bench/results

      The output folder gets benchmark.json, benchmark.md and benchmark.html, a page that needs no other file. Finished
      cells are kept in its cells/ and not measured again as long as checkpoint, data and settings stay the same. A cell
      that fails says why in the table; the others go on, and the exit status is 1. Settings of a recipe:

      \(BenchmarkRecipe.help)

      A checkpoint:

      \(BenchmarkCheckpoint.help)

      A data set:

      \(BenchmarkData.help)

      A task:

      \(BenchmarkTask.help)
      """)

  @Argument(help: "Recipes of kind benchmark; several become one table.")
  var recipes: [String]

  @Option(help: "Change a setting of every recipe: key=value, such as root=folder. May be repeated.")
  var set: [String] = []

  @Option(help: "The folder for the table, the page and the finished cells.")
  var output: String

  @Option(help: "How progress is shown: auto, plain or none.")
  var progress: ProgressMode = .auto

  func run() throws {
    let benchmark = try Benchmark(
      recipes.map { URL(fileURLWithPath: $0) }, changing: set, output: URL(fileURLWithPath: output),
      mode: progress)
    let report = try benchmark { line in
      printVisible(line)
      fflush(nil)  // Also where standard output is a file that somebody watches.
    }
    printVisible("\n\(report.textTable)\n\ntable: \(output)/benchmark.md\npage: \(output)/benchmark.html")
    if !report.troubles.isEmpty {
      print("\(report.troubles.count) of \(report.cells.count + report.maps.count) parts failed")
      throw ExitCode.failure
    }
  }
}
