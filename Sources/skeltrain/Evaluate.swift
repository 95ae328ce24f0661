import ArgumentParser
import Batches
import Evaluation
import Foundation
import Recipes
import Reporting
import Skeleton

/// `skeltrain evaluate`
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how good an encoder's features are.",
    discussion: """
      Example:

        skeltrain evaluate linear --from data --split xview --checkpoint run --output run-linear
      """,
    subcommands: [EvaluateLinear.self, EvaluateRetrieval.self])
}

/// What all evaluations are told.
struct EvaluationOptions: ParsableArguments {
  @OptionGroup var data: DataOptions
  @OptionGroup var encoder: EncoderOptions

  @Option(
    help:
      "Another data set whose test samples are measured, such as an occluded variant; training stays on --from."
  )
  var test: String?

  @Option(help: "Change a setting of the evaluation: key=value, such as epochs=50. May be repeated.")
  var set: [String] = []

  @Option(help: "The folder for result.json.")
  var output: String

  @Flag(help: "Print the result as JSON instead of a table.")
  var json = false

  /// The evaluation's recipe.
  func recipe<Recipe: RecipeSettings>(_ type: Recipe.Type) throws -> Recipe {
    try encoder.recipe(type, changing: set)
  }

  /// The samples that are learned from.
  func trainSource() throws -> SampleSource { try data.source(.train) }

  /// The samples that are measured.
  func testSource() throws -> SampleSource {
    var measured = data
    measured.folder = test ?? data.folder
    return try measured.source(.test)
  }

  /// Writes and prints what an evaluation found.
  func report(
    _ task: String, _ metrics: ClassificationMetrics, encoder: FrozenEncoder, train: SampleSource,
    test: SampleSource, recipe: String
  ) throws {
    let result = EvaluationResult(
      task: task, metrics: metrics, split: data.split,
      samples: ["train": train.entries.count, "test": test.entries.count],
      data: ["train": train.digest, "test": test.digest], encoder: encoder, recipe: recipe)
    try result.write(to: URL(fileURLWithPath: output))
    if json {
      print(String(decoding: try result.json, as: UTF8.self), terminator: "")
    } else {
      print(result.summary)
    }
  }
}

/// `skeltrain evaluate linear`
struct EvaluateLinear: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "linear", abstract: "Train one linear layer on frozen features.",
    discussion: """
      Example:

        skeltrain evaluate linear --from data --split xview --checkpoint run --output run-linear

      Settings of the recipe, with their defaults:

      \(LinearRecipe.help)
      """)

  @OptionGroup var options: EvaluationOptions

  func run() throws {
    let recipe = try options.recipe(LinearRecipe.self)
    let encoder = try options.encoder.encoder(branch: recipe.branch)
    let (train, test) = (try options.trainSource(), try options.testSource())
    let metrics = try LinearEvaluation(recipe)(encoder, train: train, test: test, mode: options.data.progress)
    try options.report("linear", metrics, encoder: encoder, train: train, test: test, recipe: recipe.yaml)
  }
}

/// `skeltrain evaluate retrieval`
struct EvaluateRetrieval: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retrieval",
    abstract: "Find the nearest training sample of each test sample (1-NN, cosine).",
    discussion: """
      Example:

        skeltrain evaluate retrieval --from data --split xview --checkpoint run --output run-retrieval

      Settings of the recipe, with their defaults:

      \(RetrievalRecipe.help)
      """)

  @OptionGroup var options: EvaluationOptions

  func run() throws {
    let recipe = try options.recipe(RetrievalRecipe.self)
    let encoder = try options.encoder.encoder(branch: recipe.branch)
    let (train, test) = (try options.trainSource(), try options.testSource())
    let metrics = try Retrieval()(encoder, train: train, test: test)
    try options.report("retrieval", metrics, encoder: encoder, train: train, test: test, recipe: recipe.yaml)
  }
}
