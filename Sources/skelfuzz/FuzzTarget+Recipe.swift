import Evaluation
import Foundation
import Preparation
import Recipes
import Skeleton
import Training

extension FuzzTarget {
  static let recipe = FuzzTarget(
    name: "recipe", isText: true,
    words: numbers
      + [
        "kind: benchmark\n", "kind: pretrain\n", "&a", "*a", "!!", "- ", ": ", "? ", "[", "]", "{", "}",
        "|\n", ">\n", "#",
        "'", "\"", "\\", "~", "yes", "!!binary ", "%YAML 1.2\n", "---\n", "...\n", "<<: ", "encoder:\n", "  ",
        "\u{85}",
        "\u{2028}", "0o7", "1:30", ".inf", "[[[[[[[[", "{a: {a: {a: ",
      ].map { Array($0.utf8) } + [[UInt8](repeating: UInt8(ascii: "["), count: 2000), [0xff], [0xc3]]
  ) { bytes, place in
    try Data(bytes).write(to: place.file)
    let kind = RecipeKind.named(in: place.file) ?? PretrainRecipe.kind
    let types: [any RecipeSettings.Type] =
      [PretrainRecipe.self, BenchmarkRecipe.self, PrepareRecipe.self] + EvaluationTasks.all
    guard let type = types.first(where: { $0.kind == kind }) else { return .refused }
    return try read(place.file, as: type)
  }

  /// What is accepted and written again must be the same recipe.
  private static func read<Recipe: RecipeSettings>(_ file: URL, as type: Recipe.Type) throws -> Outcome {
    let recipe: Recipe
    do { recipe = try Recipe(contentsOf: file) } catch is InputError { return .refused }
    guard try Recipe(yaml: recipe.yaml, file: "again") == recipe else {
      throw Contradiction(description: "written again, it is read as another recipe")
    }
    return .read
  }
}
