import ArgumentParser
import Commands
import Evaluation
import Foundation
import Recipes
import Reporting
import Skeleton

/// `skeltrain benchmark`
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measure checkpoints by every task on every data set: one table, one page.",
    discussion: """
      Example:

        skeltrain benchmark pipelines/benchmark/*.yaml --set root=bench --output bench/results

      Every data set, split, variant and checkpoint that the recipes name is looked for before anything is measured; those
      that are not there are listed in one message. The output folder gets benchmark.json, benchmark.md and benchmark.html, a page that needs no other file. Finished
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

  @Flag(help: "Measure what is there, where data sets, splits or checkpoints of the recipes are missing.")
  var partial = false

  @OptionGroup var json: JSONOption
  @OptionGroup var common: CommonOptions
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let benchmark = try Benchmark(
      recipes.map { try ProvidedRecipes.file($0, of: ["benchmark"]) }, changing: set,
      output: URL(fileURLWithPath: output),
      mode: common.mode)
    let missing = benchmark.missing
    guard missing.isEmpty || partial else {
      throw InputError(
        recipes.joined(separator: ", "),
        found: (["\(missing.count) of the things that are measured, or measured on, are not there:"] + missing)
          .joined(separator: "\n    "),
        hint:
          "name the folder that they are in with --set root=FOLDER, or measure what is there with --partial",
        kind: .noInput)
    }
    let report = try benchmark { line in
      if !json.isWanted { common.say(line) }
      fflush(nil)  // Also where standard output is a file that somebody watches.
    }
    try json.show(
      report, text: "\n\(report.textTable)\n\ntable: \(output)/benchmark.md\npage: \(output)/benchmark.html",
      common)
    if !report.troubles.isEmpty {
      throw CommandFailure(
        "\(report.troubles.count) of \(report.cells.count + report.maps.count) parts failed", status: .partial
      )
    }
  }
}
