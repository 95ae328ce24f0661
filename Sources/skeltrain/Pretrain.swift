import ArgumentParser
import Batches
import Foundation
import Recipes
import Reporting
import Skeleton
import Training

/// `skeltrain pretrain`
struct Pretrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Pre-train an encoder with PCM3++.",
    discussion: """
      Example:

        skeltrain pretrain --from data --split xview --recipe pipelines/pretrain/pcm3pp-small.yaml --output run

      A checkpoint is written after every epoch. A run that was stopped goes on with --resume, with the losses that it
      would have had. Settings of the recipe, with their defaults:

      \(PretrainRecipe.help)
      """)

  @OptionGroup var data: DataOptions

  @Option(help: "The part of the split that is learned from.")
  var part: EvaluationProtocol.Part = .train

  @Option(help: "The recipe, a YAML file; without one the published settings are used.")
  var recipe: String?

  @Option(help: "The folder of the run.")
  var output: String

  @Flag(help: "Go on from the newest checkpoint in the output folder, if there is one.")
  var resume = false

  func run() throws {
    let settings =
      try recipe.map { try PretrainRecipe(contentsOf: URL(fileURLWithPath: $0)) } ?? PretrainRecipe()
    let source = try data.source(part, memory: settings.memory)
    var training = try Pretraining(
      settings, source: source, split: "\(data.split) \(part.rawValue)",
      run: RunFolder(URL(fileURLWithPath: output)),
      resume: resume, mode: data.progress)
    if training.finishedEpochs > 0 {
      print("resuming after epoch \(training.finishedEpochs) of \(settings.totalEpochs)")
    }
    print(
      "\(source.entries.count) samples of \(data.split) \(part.rawValue), \(settings.totalEpochs) epochs of "
        + "\(training.stepsPerEpoch) steps")
    try training()
    print("checkpoint: \(output)/checkpoint.safetensors\nlosses: \(output)/log.csv")
  }
}
