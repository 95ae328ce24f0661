import Foundation
import Recipes
import Skeleton

/// The entries of one or several benchmark recipes, as one table.
struct BenchmarkPlan {
  /// What the page is called: the first title of a recipe that has one.
  var title: String
  /// The recipe file of the untrained encoder, or nil for that of the first checkpoint.
  var untrained: URL?
  /// The encoders, with paths that no longer depend on a root.
  var checkpoints: [BenchmarkCheckpoint] = []
  /// The data sets, likewise.
  var data: [BenchmarkData] = []
  /// The tasks, each with the names of its data and checkpoints.
  var tasks: [(entry: BenchmarkTask, evaluation: any EvaluationTask)] = []
  /// The most samples in a map; 0 for no maps.
  var mapSamples: Int

  /// Puts recipes together.
  ///
  /// - Throws: an `InputError` if a name means different things in two of them.
  init(_ recipes: [(file: String, recipe: BenchmarkRecipe)]) throws {
    precondition(!recipes.isEmpty, "a benchmark without a recipe")
    let usual = BenchmarkRecipe().title
    title = recipes.map(\.recipe.title).first { $0 != usual } ?? usual
    mapSamples = recipes.map(\.recipe.mapSamples).max() ?? 0
    untrained = try recipes.map(\.recipe.untrained).first { !$0.isEmpty }.map {
      try ProvidedRecipes.file($0, of: ["pretrain"])
    }
    for (file, recipe) in recipes {
      func path(_ text: String) -> String {
        recipe.root.isEmpty || text.hasPrefix("/") ? text : recipe.root + "/" + text
      }
      for var checkpoint in recipe.checkpoints {
        checkpoint.runs = checkpoint.runs.map(path)
        try Self.add(checkpoint, \.name, to: &checkpoints, "checkpoints", file)
      }
      for var data in recipe.data {
        data.from = path(data.from)
        data.occluded = data.occluded.map(path)
        if data.split.isEmpty { data.split = recipe.split }
        if data.published.isEmpty { data.published = recipe.published }
        try Self.add(data, \.name, to: &self.data, "data", file)
      }
      for var task in recipe.tasks {
        if task.data.isEmpty { task.data = recipe.data.map(\.name) }
        if task.checkpoints.isEmpty { task.checkpoints = recipe.checkpoints.map(\.name) }
        for known in tasks where known.entry.title == task.title && known.entry != task {
          let shared = Set(known.entry.data).intersection(task.data).sorted()
          if let data = shared.first {
            throw InputError(
              file, at: "tasks", found: "\(task.title) on \(data) with other settings than in another recipe",
              expected: "a name of its own")
          }
        }
        tasks.append((task, try task.evaluation(in: file)))
      }
    }
  }

  private static func add<Entry: RecipeSettings>(
    _ entry: Entry, _ name: KeyPath<Entry, String>, to entries: inout [Entry], _ list: String, _ file: String
  ) throws {
    guard let known = entries.first(where: { $0[keyPath: name] == entry[keyPath: name] }) else {
      return entries.append(entry)
    }
    if known != entry {
      throw InputError(
        file, at: list, found: "\(entry[keyPath: name]), which is something else in another recipe",
        expected: "a name of its own")
    }
  }
}
