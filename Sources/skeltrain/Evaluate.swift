import ArgumentParser
import Commands
import Evaluation
import Foundation
import Recipes
import Reporting
import Skeleton

/// `skeltrain evaluate`
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how good an encoder's features are.",
    discussion: """
      Example:

        skeltrain evaluate linear --from data --split xview --checkpoint run --output run-linear
      """,
    subcommands: EvaluationTasks.all.map { command($0) })

  private static func command<Task: EvaluationTask>(_ type: Task.Type) -> any ParsableCommand.Type {
    EvaluateTask<Task>.self
  }
}

/// What is measured on what, and where the result goes.
struct EvaluationOptions: ParsableArguments {
  @OptionGroup var data: DataOptions
  @OptionGroup var encoder: EncoderOptions

  @Option(help: "The part of the split that is learned from, or searched.")
  var trainPart: EvaluationProtocol.Part = .train

  @Option(
    help:
      "Another data set whose test samples are measured, such as an occluded variant; training stays on --from."
  )
  var test: String?

  @Option(help: "Another split whose samples are measured.")
  var testSplit: String?

  @Option(help: "The part of the split that is measured.")
  var testPart: EvaluationProtocol.Part = .test

  @Option(
    help:
      "A further data set whose test samples are measured too: NAME=FOLDER, such as spatial=occluded. May be repeated."
  )
  var variant: [String] = []

  @Option(help: "Change a setting of the evaluation: key=value, such as epochs=50. May be repeated.")
  var set: [String] = []

  @Option(help: "The folder for result.json.")
  var output: String

  @Flag(help: "Replace a result of another evaluation that is in the folder.")
  var force = false

  @Flag(help: "Print the result as JSON instead of a table.")
  var json = false

  /// The variants' names and folders.
  private func variants() throws -> [(name: String, folder: URL)] {
    try variant.map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw InputError("--variant", found: text, expected: "NAME=FOLDER")
      }
      return (parts[0], URL(fileURLWithPath: parts[1]))
    }
  }

  /// The encoders and their data.
  func subject(branch: FrozenEncoder.Branch) throws -> EvaluationSubject {
    try EvaluationSubject(
      encoders: encoder.encoders(branch: branch, progress: data.common.mode),
      folder: URL(fileURLWithPath: data.folder),
      split: data.split,
      trainPart: trainPart, testFolder: test.map { URL(fileURLWithPath: $0) }, testSplit: testSplit,
      testPart: testPart, variants: variants(), isAccepted: encoder.acceptOtherProfile)
  }
}

/// `skeltrain evaluate linear`, and each other task.
struct EvaluateTask<Task: EvaluationTask>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Task.kind, abstract: Task.summary,
      discussion: """
        Example:

          skeltrain evaluate \(Task.kind) --from data --split xview --checkpoint run --output run-\(Task.kind)

        A result that is there already is kept if it is of the same evaluation: then there is nothing to do. Any other
        one is refused, unless --force replaces it.

        Settings of the recipe, with their defaults:

        \(Task.help)
        """)
  }

  @OptionGroup var options: EvaluationOptions

  func run() throws {
    let task = try options.encoder.recipe(Task.self, changing: options.set)
    let output = try EvaluationOutput(URL(fileURLWithPath: options.output), isReplacing: options.force)
    let subject = try options.subject(branch: task.branch)
    let key = task.key(on: subject)
    var result: EvaluationResult
    if let kept = try output.kept(key) {
      if options.data.common.mode != .none {
        ProgressLine.write("\(options.output.visibleLine): the same evaluation is there, nothing to do\n")
      }
      result = kept
    } else {
      result = try task.evaluate(subject, mode: options.data.common.mode)
      result.key = key
      result = try output.write(result)
    }
    EncoderOptions.say(result.notes ?? [])
    if options.json {
      print(String(decoding: try result.json, as: UTF8.self), terminator: "")
    } else {
      options.data.common.say(result.summary)
    }
  }
}
