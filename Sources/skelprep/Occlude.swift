import ArgumentParser
import Commands
import Preparation
import Reporting
import Shards
import Skeleton

extension Occlusion.Kind: ExpressibleByArgument {}

/// `skelprep occlude`.
struct Occlude: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a variant of a data set in which body parts or blocks of frames are hidden.",
    discussion: """
      For each sample a share is drawn from the range. Spatial: whole body parts, in random order, are hidden in all \
      frames, each if it brings the number of hidden joints nearer to the share of 25; at least one part, never all. \
      Temporal: one block of frames is hidden. Both people are hidden alike. The mask depends on the seed and the \
      sample's name alone.

      EXAMPLE
        skelprep occlude ntu60 --kind spatial --split xview --output parts
      """)

  @Argument(help: "The data set's folder.")
  var dataset: String

  @Option(help: "spatial or temporal.")
  var kind: Occlusion.Kind

  @Option(help: "The hidden share: a range, or a number.")
  var ratio = "0.3...0.7"

  @Option(help: "The key of the masks.")
  var seed: UInt64 = 1

  @Option(help: "The folder that becomes the variant.")
  var output: String

  @Option(help: "Hide only in samples of this split.")
  var split: String?

  @Option(help: "Hide only in this part of the split: train or test.")
  var part = EvaluationProtocol.Part.test

  @Option(
    help:
      "deflate's level for the shards, 0 to 9: 1 is quick, 2 makes them smaller by 6 %.")
  var compression = ConversionOptions.usualCompression

  @Option(help: "Shards made at the same time.")
  var jobs = usualJobs

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (0...9).contains(compression) else { throw ValidationError("--compression is 0 to 9") }
  }

  func run() throws {
    let occlusion = Occlusion(kind: kind, ratio: try Occlusion.Ratio(argument: ratio), seed: seed)
    let variant = OcclusionVariant(
      occlusion, of: split.map { ($0, part) }, compression: compression, jobs: jobs)
    common.say(try variant.write(of: dataset, to: output, progress: common.mode).summary)
  }
}
