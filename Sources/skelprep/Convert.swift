import ArgumentParser
import Preparation
import Skeleton

/// `skelprep convert`.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads recordings, normalizes them and writes a data set.",
    discussion: """
      INPUT is any number of folders, .zip archives and .skeleton files, in any order; archives are read as they are. Files \
      that cannot be used are left out and named in report.json with the reason. An interrupted conversion goes on \
      where it was when the same command is given again.

      EXAMPLE
        skelprep convert nturgbd_s001_to_s017.zip --dataset ntu60 --output ntu60
      """)

  @Argument(help: "Folders, .zip archives and .skeleton files.")
  var input: [String]

  @Option(help: "The data set that the files belong to: ntu60 or ntu120.")
  var dataset: SkeletonDataset

  @Option(help: "The folder that becomes the data set.")
  var output: String

  @Option(help: "How recordings are normalized: \(Profile.all.map(\.name).joined(separator: ", ")).")
  var profile = Profile.agcn300.name

  @Option(
    help: "Samples to leave out: official (those with missing skeletons), none, or a file with their names.")
  var exclude = "official"

  @Option(help: "The most samples in a shard.")
  var shardSize = 1024

  @Option(help: "deflate's level for the shards, 0 to 9.")
  var compression = ConversionOptions.usualCompression

  @Option(help: "How many threads read, normalize and compress. The shards do not depend on it.")
  var jobs = usualJobs

  @Flag(help: "Exit with status 65 if a file was dropped.")
  var strict = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reportingFailure {
      let options = ConversionOptions(
        inputs: input, dataset: dataset, output: output, profile: try Profile.named(profile),
        exclusion: try Exclusion(argument: exclude), shardSize: shardSize, compression: compression,
        jobs: jobs)
      let outcome = try Pipeline(options, progress: common.progress).run()
      print(outcome.summary)
      if strict && outcome.hasBadFiles { throw ExitCode(InputError.Kind.badData.rawValue) }
    }
  }
}
