import Foundation
import Recipes
import Shards
import Skeleton

extension RunFolder {
  /// The recipe of a finished run with one more stage behind it, for a run that goes on.
  ///
  /// The stage goes on as the run ended, in its settings and its learning rate, except for what is changed. A run that is
  /// extended has the numbers of one whose recipe had the stage from the beginning.
  ///
  /// - Parameters:
  ///   - epochs: how many more.
  ///   - overrides: `key=value` for settings that are other ones from here on.
  /// - Throws: an `InputError` if there is no run, it is not finished, or its learning rate has come to nothing.
  public func extendedRecipe(by epochs: Int, changing overrides: [String] = []) throws -> PretrainRecipe {
    guard try Disk.isThere(checkpoint) else {
      throw InputError(
        url.path, found: "no run that could be extended", expected: "the folder of a finished run",
        kind: .noInput)
    }
    let texts = try Safetensors.metadata(of: checkpoint)
    guard let stored = texts["recipe"] else {
      throw InputError(
        checkpoint.path, found: "no pre-training checkpoint", expected: "a recipe in its texts")
    }
    var extended = try PretrainRecipe(yaml: stored, file: checkpoint.path)
    let progress = try Checkpoint.progress(texts, file: checkpoint.path)
    guard progress.epochs >= extended.totalEpochs else {
      throw InputError(
        url.path, found: "a run that is at \(progress) of \(extended.totalEpochs) epochs",
        expected: "a finished one", hint: "finish it first, with --resume --recipe \(recipe.path)")
    }
    var stage = TrainingStage()
    (stage.epochs, stage.settings) = (epochs, try RecipePart(changing: overrides))
    extended.stages.append(stage)
    try extended.checkConsistency(in: "--extend")
    let rates = try extended.resolvedStages().last?.rates
    let rate = rates?.plan.rate(epoch: progress.epochs - (rates?.first ?? 0), step: 0, steps: 1) ?? 0
    guard rate > 0 else {
      throw InputError(
        "--extend", found: "a learning rate that has come to 0", expected: "one to go on with",
        hint: "give one: --set optimizer.rate=0.001 --set optimizer.schedule=constant")
    }
    return extended
  }
}

extension PretrainRecipe {
  /// Whether all that an earlier recipe computes is what this one begins with: it has further stages, and differs in no other
  /// setting that changes results.
  func goesOn(from earlier: PretrainRecipe) -> Bool {
    let count = earlier.stages.count
    guard stages.count > count, Array(stages.prefix(count)) == earlier.stages else { return false }
    var same = self
    same.stages = earlier.stages
    return same.computesTheSame(as: earlier)
  }
}
