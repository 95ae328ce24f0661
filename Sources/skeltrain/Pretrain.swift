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
    abstract: "Pre-train an encoder: PCM3++, its parts and its relatives.",
    discussion: """
      Example:

        skeltrain pretrain --from data --split xview --recipe pipelines/pretrain/pcm3pp-small.yaml --output run

      A checkpoint is written after every epoch, every checkpoint.minutes, and when the run is stopped: Ctrl-C or SIGTERM
      finishes the view of the step that is being learned from, and takes the step back if it is not its last; a second
      one stops at once. A run that was stopped or killed goes on with --resume, to the very losses and weights that it
      would have had. Settings of the recipe, with their defaults:

      \(PretrainRecipe.help)
      """)

  @OptionGroup var data: DataOptions

  @Option(help: "The part of the split that is learned from.")
  var part: EvaluationProtocol.Part = .train

  @Option(help: "The recipe, a YAML file; without one the published settings are used.")
  var recipe: String?

  @Option(help: "Change a setting: key=value, such as optimizer.rate=0.01. May be repeated.")
  var set: [String] = []

  @Option(help: "The folder of the run.")
  var output: String

  @Flag(help: "Go on from the newest checkpoint in the output folder, if there is one.")
  var resume = false

  @Option(help: "Go on from this checkpoint in the output folder, such as previous-000360.safetensors.")
  var resumeFrom: String?

  @Option(
    name: .customLong("init"),
    help:
      "A .safetensors file whose weights the run starts from; its arrays are those of the recipe's model, by name."
  )
  var start: String?

  func run() throws {
    let settings = try PretrainRecipe(recipe.map { URL(fileURLWithPath: $0) }, changing: set)
    let source = try data.source(part, memory: settings.memory)
    var training = try Pretraining(
      settings, source: source, test: try probed(settings), split: "\(data.split) \(part.rawValue)",
      run: RunFolder(URL(fileURLWithPath: output)),
      resume: resume, from: resumeFrom, start: start.map { URL(fileURLWithPath: $0) }, mode: data.progress)
    if training.progress.steps > 0 {
      print("resuming after \(training.progress) of \(settings.totalEpochs) epochs")
    }
    for note in training.notes { printVisible("note: \(note)") }
    if let core = training.otherCore {
      printVisible(
        "note: the run was on another processor (\(core)), so losses may differ in their last bits")
    }
    print(
      "\(source.entries.count) samples of \(data.split) \(part.rawValue), \(settings.totalEpochs) epochs of "
        + "\(training.stepsPerEpoch) steps")
    StopSignal.listen()
    let isAsked = { StopSignal.received != nil }
    let outcome = try training(stop: isAsked, stopNow: isAsked)
    if outcome == .stopped, let signal = StopSignal.received {
      print("stopped by \(StopSignal.name(signal)) after \(training.progress); go on with:\n  \(resumption)")
      throw ExitCode(128 + signal)
    }
    print("checkpoint: \(output)/checkpoint.safetensors\nlosses: \(output)/log.csv")
  }

  /// The test samples, if the probe asks about them, which is said.
  private func probed(_ settings: PretrainRecipe) throws -> SampleSource? {
    guard settings.probe.every > 0, settings.probe.part == .test else { return nil }
    print(
      "note: probe.part is test, so the probe reads the labels of the test side; nothing is chosen by them")
    return try data.source(.test, memory: settings.memory)
  }

  /// The command that goes on from the newest checkpoint.
  private var resumption: String {
    var words = CommandLine.arguments
    for option in ["--resume-from", "--init"] {
      if let at = words.firstIndex(of: option) { words.removeSubrange(at..<min(at + 2, words.count)) }
      words.removeAll { $0.hasPrefix("\(option)=") }
    }
    if !resume { words.append("--resume") }
    return words.map { word in
      word.contains(where: { " \t\n\"'`$\\*?[](){}<>|&;!#~".contains($0) })
        ? "'" + word.replacing("'", with: "'\\''") + "'" : word
    }.joined(separator: " ")
  }
}
