import ArgumentParser
import Evaluation
import Recipes
import Reporting
import Skeleton
import Training

/// `skeltrain recipe`
struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Print a recipe with every setting, or its JSON Schema; without a name, list all recipes.",
    discussion: """
      Examples:

        skeltrain recipe
        skeltrain recipe pretrain > my-recipe.yaml
        skeltrain recipe pcm3pp-small --set epochs=10 > my-recipe.yaml
      """)

  @Argument(
    help: """
      pretrain, benchmark, or a task of `skeltrain evaluate` such as linear, for every setting at its default; or the \
      name or file of a recipe for pre-training, for its settings.
      """)
  var kind: String?

  @Option(help: "Change a setting: key=value. May be repeated.")
  var set: [String] = []

  @Flag(help: "Print the JSON Schema instead, for editors and validators.")
  var schema = false

  /// The kinds of recipe.
  static var kinds: [any RecipeSettings.Type] {
    [PretrainRecipe.self, BenchmarkRecipe.self] + EvaluationTasks.all
  }

  func run() throws {
    guard let kind else { return try list() }
    if let recipe = Self.kinds.first(where: { $0.kind == kind }) { return try show(recipe) }
    do {
      let file = try ProvidedRecipes.file(kind, of: ["pretrain"])
      print(schema ? PretrainRecipe.schema : try PretrainRecipe(file, changing: set).yaml, terminator: "")
    } catch let error as InputError where error.kind == .noInput {
      let kinds = Self.kinds.map { $0.kind }
      throw InputError(
        "skeltrain recipe", found: kind,
        expected: kinds.joined(separator: ", ") + " or a recipe for pre-training",
        hint: kind.hint(among: kinds + ProvidedRecipes.names(of: "pretrain")))
    }
  }

  private func show<Recipe: RecipeSettings>(_ type: Recipe.Type) throws {
    print(schema ? Recipe.schema : try Recipe(nil, changing: set).yaml, terminator: "")
  }

  /// The provided recipes with what each says of itself.
  private func list() throws {
    for kind in ["pretrain", "evaluate", "benchmark", "prepare"] {
      let rows = try ProvidedRecipes.names(of: kind).map { name in
        [name, ProvidedRecipes.summary(of: try ProvidedRecipes.file(name, of: [kind]))]
      }
      if !rows.isEmpty { printVisible("\(TextTable(header: [kind, "what it is"], rows: rows))\n") }
    }
    print(
      "every setting at its default: skeltrain recipe " + Self.kinds.map { $0.kind }.joined(separator: " | "))
  }
}
