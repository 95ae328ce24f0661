import ArgumentParser
import Evaluation
import Foundation
import Reporting
import Skeleton

/// `skeltrain embed`
struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the features of samples to an HDF5 file.",
    discussion: """
      Example:

        skeltrain embed --from data --split xview --part test --checkpoint run --output features.h5

      The file holds /features (N, D) float32, /label (N) int32 and /name (N), in the order of the split. The same features
      that are there already are kept; any other file is refused, unless --force replaces it.
      """)

  @OptionGroup var data: DataOptions
  @OptionGroup var encoder: EncoderOptions

  @Option(help: "The part of the split.")
  var part: EvaluationProtocol.Part

  @Option(help: "The file to write.")
  var output: String

  @Flag(help: "Replace a file that is there, whatever it is.")
  var force = false

  func run() throws {
    let (frozen, source, file) = (try encoder.encoder(), try data.source(part), URL(fileURLWithPath: output))
    let notes = try frozen.check(
      reads: source, side: "the samples", isAccepted: encoder.acceptOtherProfile)
    EncoderOptions.say(notes.all)
    let key = frozen.key(on: source)
    if !force, let kept = try FeatureSet.kept(in: file, key: key) {
      return printVisible("\(kept.names.count) features are there already, nothing to do: \(output)")
    }
    let features = try frozen.features(of: source)
    try features.write(to: file, key: key)
    printVisible("\(features.names.count) features of \(features.featureCount) numbers: \(output)")
  }
}
