import Foundation
import Recipes
import Shards
import Skeleton

extension BenchmarkTask {
  /// The task with its settings.
  ///
  /// - Throws: an `InputError` for a task that there is not, or settings that are not its own.
  func evaluation(in file: String) throws -> any EvaluationTask {
    guard let type = EvaluationTasks.named(task) else {
      throw InputError(
        file, at: "task", found: task.isEmpty ? "nothing" : task,
        expected: "one of " + EvaluationTasks.all.map { $0.kind }.joined(separator: ", "))
    }
    return try make(type)
  }

  private func make<Task: EvaluationTask>(_ type: Task.Type) throws -> Task {
    var made = recipe.isEmpty ? Task() : try Task(contentsOf: ProvidedRecipes.file(recipe, of: ["evaluate"]))
    try settings.read(over: &made)
    return made
  }
}
