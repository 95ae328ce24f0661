import ArgumentParser
import Evaluation
import Foundation
import Shards

/// `skeltrain evaluate detection`
struct EvaluateDetection: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detection", abstract: "Find actions in untrimmed recordings.",
    discussion:
      "Example:\n\n  skeltrain evaluate detection --from pku --split xsub --checkpoint run --output run-detection\n"
  )
  @OptionGroup var options: EvaluationOptions
  func run() throws {
    let recipe = try options.recipe(DetectionRecipe.self)
    let encoder = try options.encoder.encoder(branch: recipe.branch)
    let outcome = try Detection(recipe)(
      [encoder], train: options.trainSource(), test: options.testSource(), mode: options.data.progress)
    let folder = URL(fileURLWithPath: options.output)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try outcome.head.write(to: folder)
    for (name, percent) in DetectionMeasures.all(of: outcome) { print(name, String(format: "%.2f", percent)) }
  }
}

/// `skeltrain evaluate fewshot`
struct EvaluateFewShot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fewshot", abstract: "Few-shot.",
    discussion:
      "Example:\n\n  skeltrain evaluate fewshot --from pku --split xsub --checkpoint run --output run-fewshot\n"
  )
  @OptionGroup var options: EvaluationOptions
  func run() throws {
    let recipe = try options.recipe(FewShotRecipe.self)
    let encoder = try options.encoder.encoder(branch: recipe.branch)
    let test = try options.testSource()
    let evaluation = FewShotEvaluation(recipe)
    let split = try DatasetFolder(URL(fileURLWithPath: options.data.folder)).split(options.data.split)
    let result = try evaluation(
      [encoder], episodes: evaluation.episodes(of: split, test: test), test: test, mode: options.data.progress
    )
    for one in result { print(one.classifier, String(format: "%.2f ± %.2f", one.mean, one.halfInterval)) }
  }
}
