import ArgumentParser
import Evaluation
import Recipes
import Skeleton
import Training

/// `skeltrain recipe`
struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Print a recipe with every setting at its default, or its JSON Schema.",
    discussion: """
      Example:

        skeltrain recipe pretrain > my-recipe.yaml
      """)

  @Argument(
    help: "What the recipe is for: pretrain, benchmark, or a task of `skeltrain evaluate` such as linear.")
  var kind: String

  @Flag(help: "Print the JSON Schema instead, for editors and validators.")
  var schema = false

  /// The kinds of recipe.
  static var kinds: [any RecipeSettings.Type] {
    [PretrainRecipe.self, BenchmarkRecipe.self] + EvaluationTasks.all
  }

  func run() throws {
    guard let recipe = Self.kinds.first(where: { $0.kind == kind }) else {
      throw InputError(
        "skeltrain recipe", found: kind, expected: Self.kinds.map { $0.kind }.joined(separator: ", "))
    }
    show(recipe)
  }

  private func show<Recipe: RecipeSettings>(_ type: Recipe.Type) {
    print(schema ? Recipe.schema : Recipe().yaml, terminator: "")
  }
}
