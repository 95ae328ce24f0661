import ArgumentParser
import Batches
import Commands
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

        skeltrain pretrain --from data --split xview --recipe pcm3pp-small --output run

      A checkpoint is written after every epoch, every checkpoint.minutes, and when the run is stopped: Ctrl-C or SIGTERM
      finishes the view of the step that is being learned from, and takes the step back if it is not its last; a second
      one stops at once. A run that was stopped or killed goes on with --resume, to the very losses and weights that it
      would have had. Settings of the recipe, with their defaults:

      \(PretrainRecipe.help)
      """)

  @OptionGroup var data: DataOptions

  @Option(help: "The part of the split that is learned from.")
  var part: EvaluationProtocol.Part = .train

  @Option(
    help:
      "The recipe: a YAML file, or the name of a provided one such as pcm3pp-small; the published PCM3++ unless given."
  )
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
    help: """
      Go on with the finished run in the output folder for so many more epochs, as it ended; --set changes settings from \
      there on, such as optimizer.rate.
      """)
  var extend: Int?

  @Option(
    name: .customLong("init"),
    help:
      "A .safetensors file whose weights the run starts from; its arrays are those of the recipe's model, by name."
  )
  var start: String?

  func validate() throws {
    guard let extend else { return }
    guard (1...100_000).contains(extend) else {
      throw ValidationError("--extend is a whole number in 1...100000")
    }
    guard recipe == nil, resumeFrom == nil, start == nil else {
      throw ValidationError(
        "--extend goes on with the run's own recipe, without --recipe, --resume-from and --init")
    }
  }

  func run() throws {
    let folder = RunFolder(URL(fileURLWithPath: output))
    let settings =
      try extend.map { try folder.extendedRecipe(by: $0, changing: set) }
      ?? PretrainRecipe(recipe.map { try ProvidedRecipes.file($0, of: ["pretrain"]) }, changing: set)
    let source = try data.source(part, memory: settings.memory)
    var training = try Pretraining(
      settings, source: source, test: try probed(settings), split: "\(data.split) \(part.rawValue)",
      run: folder,
      resume: resume || extend != nil, from: resumeFrom, start: start.map { URL(fileURLWithPath: $0) },
      mode: data.common.mode)
    if training.progress.steps > 0 {
      data.common.say("resuming after \(training.progress) of \(settings.totalEpochs) epochs")
    }
    for note in training.notes { printVisible("note: \(note)") }
    if let core = training.otherCore {
      data.common.say(
        "note: the run was on another processor (\(core)), so losses may differ in their last bits")
    }
    data.common.say(
      "\(source.entries.count) samples of \(data.split) \(part.rawValue), \(settings.totalEpochs) epochs of "
        + "\(training.stepsPerEpoch) steps")
    StopSignal.listen()
    let isAsked = { StopSignal.received != nil }
    let outcome = try training(stop: isAsked, stopNow: isAsked)
    if outcome == .stopped, let signal = StopSignal.received {
      print("stopped by \(StopSignal.name(signal)) after \(training.progress); go on with:\n  \(resumption)")
      throw ExitCode(128 + signal)
    }
    data.common.say("checkpoint: \(output)/checkpoint.safetensors\nlosses: \(output)/log.csv")
  }

  /// The test samples, if the probe asks about them, which is said.
  private func probed(_ settings: PretrainRecipe) throws -> SampleSource? {
    guard settings.probe.every > 0, settings.probe.part == .test else { return nil }
    data.common.say(
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
    if extend != nil {
      // What was extended is in the run's own recipe by now.
      for option in ["--extend", "--set"] {
        while let at = words.firstIndex(of: option) { words.removeSubrange(at..<min(at + 2, words.count)) }
        words.removeAll { $0.hasPrefix("\(option)=") }
      }
      words += ["--recipe", "\(output)/recipe.yaml"]
    }
    if !resume { words.append("--resume") }
    return words.map { word in
      word.contains(where: { " \t\n\"'`$\\*?[](){}<>|&;!#~".contains($0) })
        ? "'" + word.replacing("'", with: "'\\''") + "'" : word
    }.joined(separator: " ")
  }
}
