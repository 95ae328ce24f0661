import ArgumentParser
import Batches
import Commands
import Evaluation
import Foundation
import Reporting
import Shards
import Skeleton

/// `skeltrain embed`
struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the features of samples to an HDF5 file.",
    discussion: """
      Example:

        skeltrain embed --from data --split xview --part test --checkpoint run --output features.h5

      The file holds /features (N, D) float32, /label (N) int32 and /name (N), in the order of the split,
      or without one of all samples in that of the data set. The same features
      that are there already are kept; any other file is refused, unless --force replaces it.
      """)

  @Option(name: .customLong("from"), help: "The data set: a folder made by `skelprep convert`.")
  var folder: String

  @Option(help: "The split: a name in the data set's splits/, such as xview; all samples unless given.")
  var split: String?

  @OptionGroup var common: CommonOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var encoder: EncoderOptions

  @Option(help: "The part of the split: train or test.")
  var part: EvaluationProtocol.Part?

  @Option(help: "The file to write.")
  var output: String

  @Flag(help: "Replace a file that is there, whatever it is.")
  var force = false

  func validate() throws {
    guard (split == nil) == (part == nil) else {
      throw ValidationError("--split and --part go together; without both, all samples are embedded")
    }
  }

  /// The samples that are asked for.
  private func source() throws -> SampleSource {
    let data = try DatasetFolder(URL(fileURLWithPath: folder))
    guard let split, let part else { return try SampleSource(all: data) }
    return try SampleSource(data, split: split, part: part)
  }

  func run() throws {
    let (frozen, source, file) = (
      try encoder.encoder(progress: common.mode), try source(), URL(fileURLWithPath: output)
    )
    let notes = try frozen.check(
      reads: source, side: "the samples", isAccepted: encoder.acceptOtherProfile)
    EncoderOptions.say(notes.all)
    let key = frozen.key(on: source)
    if !force, let kept = try FeatureSet.kept(in: file, key: key) {
      return common.say("\(kept.names.count) features are there already, nothing to do: \(output)")
    }
    let features = try frozen.features(of: source)
    try features.write(to: file, key: key)
    common.say("\(features.names.count) features of \(features.featureCount) numbers: \(output)")
  }
}
