import ArgumentParser
import Preparation
import Reporting
import Skeleton

/// `skelprep split`.
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divides a data set into training and test samples.",
    discussion: """
      Writes splits/NAME.json, which names samples and copies nothing, and compares it with the published split. xsub is \
      for all data sets, xview for ntu60, pkummd1 and pkummd2, xset and oneshot for ntu120, fewshot for all. A sample \
      of a PKU-MMD recording that is on no list is excluded, and said.

      --fraction draws a share of the training samples, for learning from few labels; a larger share holds every smaller \
      one of the same seed. fewshot draws episodes of a few classes that are not trained on: for ntu120 of the 23 that \
      PCM3++ names, else of all, unless --classes says which.

      EXAMPLE
        skelprep split ntu60 --protocol xview
        skelprep split pku --protocol xsub --list cross-subject.txt
        skelprep split ntu60 --protocol xsub --fraction 0.01 --seed 1 --balanced
        skelprep split ntu120 --protocol oneshot
        skelprep split ntu120 --protocol fewshot --within xset --ways 5 --shots 1
      """)

  @Argument(help: "The data set's folder.")
  var dataset: String

  @Option(name: .customLong("protocol"), help: "xsub, xview, xset, oneshot or fewshot.")
  var scheme: SplitScheme

  @Option(help: "The split's name, in place of one that says what was asked for.")
  var name: String?

  @Option(help: "Follow this list of recordings, which has the form of PKU-MMD's own.")
  var list: String?

  @Option(help: "Train on this share of the training samples: 0.01 is one percent. The others are excluded.")
  var fraction: Double?

  @Flag(help: "Draw the same number of every class, at least one.")
  var balanced = false

  @Option(help: "The key of what is drawn. Default: 1.")
  var seed: UInt64?

  @Option(help: "Classes in an episode. Default: 5.")
  var ways: Int?

  @Option(help: "Samples of each class that are learned from. Default: 1.")
  var shots: Int?

  @Option(help: "Samples of each class that are measured. Default: 15.")
  var queries: Int?

  @Option(help: "How many episodes. Default: 100.")
  var episodes: Int?

  @Option(
    help: "The classes of episodes: 60,61 (labels from 0), A061,A062 (actions from 1), or a file of those.")
  var classes: String?

  @Option(help: "Draw episodes from the test side of this protocol only.")
  var within: EvaluationProtocol?

  @Flag(help: "Exit with status 65 if the data set seems whole and the split is not the published one.")
  var strict = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reportingFailure {
      var options = SplitOptions(scheme)
      options.name = name
      options.list = list
      options.fraction = fraction
      options.balanced = balanced
      options.seed = seed
      options.ways = ways
      options.shots = shots
      options.queries = queries
      options.episodes = episodes
      options.classes = classes
      options.within = within
      let splitting = try Splitting.write(options, in: dataset)
      printVisible(splitting.summary)
      if case .differs = splitting.coverage, strict { throw ExitCode(InputError.Kind.badData.rawValue) }
    }
  }
}
