import ArgumentParser
import Commands
import Foundation
import Preparation
import Recipes
import Reporting
import Skeleton

/// `skelprep run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs the stages that a file asks for: convert, split, occlude, verify.",
    discussion: """
      Stages whose inputs and settings are as they were are skipped, interrupted ones go on. Paths in the file are \
      relative to the folder that the command is started in. Settings can be changed on the command line.

      EXAMPLE
        skelprep run pipelines/prepare/ntu60.yaml
        skelprep run pipelines/prepare/ntu60.yaml --set inputs=[raw.zip] --set output=data

      SETTINGS
      \(PrepareRecipe.help)
      """)

  @Argument(help: "The recipe: a YAML file, or the name of a provided one.")
  var recipe: String?

  @Option(help: "Change a setting: key=value. May be repeated.")
  var set: [String] = []

  @Flag(help: "Print the recipe with every setting, and run nothing.")
  var show = false

  @Flag(help: "Print the JSON Schema of recipes, for editors and validators, and run nothing.")
  var schema = false

  @Option(help: "Shards made at the same time.")
  var jobs = usualJobs

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard schema || recipe != nil else { throw ValidationError("Missing expected argument '<recipe>'") }
  }

  func run() throws {
    if schema { return print(PrepareRecipe.schema, terminator: "") }
    var settings = PrepareRecipe()
    if let recipe {
      try settings.read(contentsOf: try ProvidedRecipes.file(recipe, of: ["prepare"]), changing: set)
    }
    if show { return print(settings.yaml, terminator: "") }
    try PreparationRun(settings, jobs: jobs, progress: common.mode).run { stage in
      let lines = stage.summary.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
      common.say("\(stage.name)\(stage.wasDone ? ": unchanged, skipped" : "")\n\(lines)")
    }
  }
}
