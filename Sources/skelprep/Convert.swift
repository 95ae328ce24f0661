import ArgumentParser
import Commands
import Preparation
import Reporting
import Skeleton

/// `skelprep convert`.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads recordings, normalizes them and writes a data set.",
    discussion: """
      INPUT is any number of folders, .zip archives and .skeleton files, in any order; archives are read as they are. Files \
      that cannot be used are left out and named in report.json with the reason. An interrupted conversion goes on \
      where it was when the same command is given again.

      PKU-MMD: a recording and its labels are text files of one name, wherever they are among the inputs. Each action \
      becomes a sample of its own (0002-L#3 is the fourth), or with --untrimmed each recording one sample with a table of \
      its actions.

      Recordings of your own: --layout says what their joints are (`skelprep layout` lists those that are known), --labels \
      names a table with the columns name and class, and perhaps subject, camera, start and end, and --dataset is a name \
      that you choose. Files are tables (.csv, .tsv, .txt), JSON or arrays (.npy, .npz); joints are mapped to the 25 of Kinect v2.

      Many machines: start the same command N times with --shard-index 0 to N-1 and --shard-count N, then finalize.

      EXAMPLE
        skelprep convert nturgbd_s001_to_s017.zip --dataset ntu60 --output ntu60
        skelprep convert pku.zip --dataset pkummd1 --untrimmed --output pku
        skelprep convert recordings --layout coco17 --labels labels.csv --dataset falls --output falls
      """)

  @Argument(help: "Folders, archives, and files.")
  var input: [String]

  @Option(
    help:
      "The data set that the files belong to: ntu60, ntu120, pkummd1 or pkummd2; with --layout a name of your own."
  )
  var dataset: String

  @Option(help: "The folder that becomes the data set.")
  var output: String

  @Option(
    help:
      "With --layout the table of labels. Else one more input, which holds the labels of PKU-MMD; may be repeated."
  )
  var labels: [String] = []

  @Flag(help: "PKU-MMD: a sample for each action, or one for each recording.")
  var trimming = Trimming.trimmed

  @Option(
    help: """
      How PKU-MMD's labels count: half-open [start, end), one-based [start-1, end), closed [start, end].
      """)
  var intervals = IntervalConvention.halfOpen

  @Option(
    help: """
      NTU: keep more of each joint than where it is, in /columns: tracking, depth, colour or orientation. May be repeated.
      """)
  var columns: [JointColumn] = []

  @OptionGroup(title: "RECORDINGS OF YOUR OWN") var own: OwnRecordingOptions

  @Option(
    help: """
      How recordings are normalized: \(Profile.all.map(\.name).joined(separator: ", ")). Default: agcn300; with --layout \
      agcn300-sync, which holds its place where joints are lost.
      """)
  var profile: String?

  @Option(
    help: "Samples to leave out: official (those with missing skeletons), none, or a file with their names.")
  var exclude = "official"

  @Option(help: "The most samples in a shard.")
  var shardSize = 1024

  @Option(
    help:
      "deflate's level for the shards, 0 to 9: 1 is quick, 2 makes them smaller by 6 %.")
  var compression = ConversionOptions.usualCompression

  @Option(help: "How many threads read, normalize and compress. The shards do not depend on it.")
  var jobs = usualJobs

  @Option(help: "Make one part of the shards only: its number, from 0.")
  var shardIndex: Int?

  @Option(help: "The number of parts that the shards are made in.")
  var shardCount: Int?

  @Flag(help: "Exit with status 65 if a file was dropped.")
  var strict = false

  @OptionGroup var json: JSONOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (shardIndex == nil) == (shardCount == nil) else {
      throw ValidationError("--shard-index and --shard-count go together")
    }
  }

  func run() throws {
    let options = ConversionOptions(
      inputs: input, labels: own.layout == nil ? labels : [],
      data: try own.data(named: dataset, labels: labels), output: output,
      profile: try Profile.named(profile ?? (own.layout == nil ? Profile.agcn300 : .agcn300Sync).name),
      trimming: trimming, intervals: intervals, columns: columns,
      exclusion: try Exclusion(argument: exclude), shardSize: shardSize, compression: compression,
      jobs: jobs)
    let pipeline = Pipeline(options, progress: common.mode)
    let hasBadFiles: Bool
    if let shardIndex, let shardCount {
      let outcome = try pipeline.run(ConversionPart(index: shardIndex, of: shardCount))
      try json.show(outcome.counts, text: outcome.summary, common)
      hasBadFiles = outcome.hasBadFiles
    } else {
      let outcome = try pipeline.run()
      try json.show(outcome.counts, text: outcome.summary, common)
      hasBadFiles = outcome.hasBadFiles
    }
    if strict && hasBadFiles { throw ExitCode(InputError.Kind.badData.rawValue) }
  }
}

extension Trimming: EnumerableFlag {
  /// `--trimmed` and `--untrimmed`.
  public static func name(for value: Trimming) -> NameSpecification { .long }
}

extension IntervalConvention: ExpressibleByArgument {}
extension JointColumn: ExpressibleByArgument {}
