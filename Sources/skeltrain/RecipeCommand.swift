import ArgumentParser
import Evaluation
import Recipes
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

  /// The kinds of recipe.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case pretrain
    case linear
    case retrieval
  }

  @Argument(help: "What the recipe is for: pretrain, linear or retrieval.")
  var kind: Kind

  @Flag(help: "Print the JSON Schema instead, for editors and validators.")
  var schema = false

  func run() throws {
    switch kind {
    case .pretrain: show(PretrainRecipe.self)
    case .linear: show(LinearRecipe.self)
    case .retrieval: show(RetrievalRecipe.self)
    }
  }

  private func show<Recipe: RecipeSettings>(_ type: Recipe.Type) {
    print(schema ? Recipe.schema : Recipe().yaml, terminator: "")
  }
}
