import ArgumentParser
import Commands
import Preparation
import Reporting
import Skeleton

/// `skelprep synthesize`.
struct Synthesize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes raw text of people who move but were never recorded.",
    discussion: """
      Each class is a movement; the person, its tempo and size, the camera and the noise vary. The same seed gives the \
      same files.

      EXAMPLE
        skelprep synthesize --dataset ntu60 --samples 200 --seed 1 --output raw
      """)

  /// The data sets whose text is made.
  enum Names: String, CaseIterable, ExpressibleByArgument {
    case ntu60, ntu120

    var dataset: SkeletonDataset { self == .ntu60 ? .ntu60 : .ntu120 }
  }

  @Option(help: "The data set whose names are used.")
  var dataset = Names.ntu60

  @Option(help: "How many samples.")
  var samples = 200

  @Option(help: "How many classes.")
  var classes = 10

  @Option(
    help: "Among how many setups the samples are spread; more than one where they are to be split by xset.")
  var setups = 1

  @Option(help: "The key of all that is random.")
  var seed: UInt64 = 1

  @Flag(help: "Add files that a reader must survive, and truth.json about them.")
  var defects = false

  @Option(help: "The folder that is written.")
  var output: String

  @Option(help: "How many threads write.")
  var jobs = usualJobs

  @OptionGroup var common: CommonOptions

  func run() throws {
    var synthesis = Synthesis(
      dataset: dataset.dataset, samples: samples, classes: classes, seed: seed, addsDefects: defects,
      jobs: jobs)
    synthesis.setups = setups
    let files = try synthesis.write(to: output, progress: common.mode)
    common.say("\(output): \(files) files")
  }
}
