import Methods
import NN
import Recipes
import Shards
import Skeleton

extension PretrainRecipe {
  /// What is to be said of the recipe on some data before it runs: no faults, but nothing to be silent about.
  public func notes(on manifest: Manifest) -> [String] {
    let recipes = (try? resolvedStages().map(\.recipe)) ?? [self]
    var notes: [String] = []
    if recipes.contains(where: { $0.method.kind == Context.Settings.kind && $0.hasReversedTasksOnly }) {
      notes.append(
        "every task is reversed, and features that are the same for everything answer such a task best; put another "
          + "task or method beside it")
    }
    if recipes.contains(where: { $0.tasks.contains { $0.task.asksForCamera } }), manifest.turnsBodies {
      notes.append(
        "a task asks for the camera, and the profile \(manifest.profile) turns every body to one side, so that little of "
          + "it is left; prepare the data with the profile raw or ctrgcn, or set source: synthetic")
    }
    return notes
  }

  private var hasReversedTasksOnly: Bool { !tasks.isEmpty && tasks.allSatisfy { $0.task.isReversed } }
}

extension [PretrainRecipe.ResolvedStage] {
  /// The names of all terms and of all measures, each once, in order.
  func columns() throws -> (terms: [String], measures: [String]) {
    let methods = try map { stage in
      try LearningModel(stage.recipe, store: ParameterStore(seed: 0) { _, _ in nil }).method
    }
    func once(_ names: [String]) -> [String] {
      names.enumerated().filter { !names.prefix($0.offset).contains($0.element) }.map(\.element)
    }
    return (once(methods.flatMap { $0.terms }), once(methods.flatMap { $0.measures }))
  }
}

extension Manifest {
  /// Whether the profile turned bodies to one side, by what the manifest says of its steps.
  var turnsBodies: Bool {
    guard case .object(let recipe) = recipe, case .object(let profile)? = recipe["profile"],
      case .array(let steps)? = profile["steps"]
    else { return false }
    return steps.contains { step in
      guard case .object(let step) = step else { return false }
      return step.keys.contains { ["rotate", "turnShoulders"].contains($0) }
    }
  }
}
