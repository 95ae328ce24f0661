import ArgumentParser
import Foundation
import Recipes
import Reporting
import Training

/// `skeltrain complexity`
struct ComplexityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "complexity",
    abstract:
      "Say what a pretrain recipe costs: parameters, multiply-adds of a sample, seconds and memory of a step.",
    discussion: """
      Example:

        skeltrain complexity pipelines/pretrain/pcm3pp.yaml
        skeltrain complexity pipelines/pretrain/moco.yaml --set encoder.hidden=256 --steps 0 --json

      Steps are taken on motion that nobody made; no data are read, and nothing is written.
      """)

  @Argument(help: "The recipe, of kind pretrain: a file, or the name of a provided one.")
  var recipe: String

  @Option(help: "Change a setting of the recipe: key=value, such as batch=16. May be repeated.")
  var set: [String] = []

  @Option(help: "Training steps that are timed, after one that is not; 0 for none.")
  var steps = 5

  @Flag(help: "Print JSON instead of text.")
  var json = false

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard (0...1000).contains(steps) else { throw ValidationError("--steps is a whole number in 0...1000") }
  }

  func run() throws {
    let complexity = try Complexity(
      PretrainRecipe(ProvidedRecipes.file(recipe, of: ["pretrain"]), changing: set), steps: steps)
    if json { print(try complexity.json) } else { printVisible(complexity) }
  }
}
