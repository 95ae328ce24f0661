import ArgumentParser
import Commands
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

      --by divides by what is known of samples instead: those of the named subjects, cameras, setups or recordings test, or \
      each of --folds shares of them once, or each of them once with --leave-one-out. --list alone is a file of lines \
      name,part, the part being train, test or excluded.

      EXAMPLE
        skelprep split falls --by subject --test S3,S4
        skelprep split falls --by recording --folds 5
        skelprep split ntu60 --protocol xview
        skelprep split pku --protocol xsub --list cross-subject.txt
        skelprep split ntu60 --protocol xsub --fraction 0.01 --seed 1 --balanced
        skelprep split ntu120 --protocol oneshot
        skelprep split ntu120 --protocol fewshot --within xset --ways 5 --shots 1
      """)

  @Argument(help: "The data set's folder.")
  var dataset: String

  @Option(name: .customLong("protocol"), help: "xsub, xview, xset, oneshot or fewshot.")
  var scheme: SplitScheme?

  @Option(help: "Divide by this: subject, camera, setup, recording or sample.")
  var by: GroupSplitOptions.Key?

  @Option(help: "The subjects, cameras, setups, recordings or samples that test, parted by commas.")
  var test: String?

  @Option(help: "Write so many splits, in each of which another share tests.")
  var folds: Int?

  @Flag(help: "Write a split for each subject, camera, setup, recording or sample, which tests alone.")
  var leaveOneOut = false

  @Option(help: "The split's name, in place of one that says what was asked for.")
  var name: String?

  @Option(
    help:
      "With --protocol a list of recordings in the form of PKU-MMD's own; alone a file of lines name,part.")
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

  @Flag(help: "Write the split also if one of its sides has no sample.")
  var allowEmpty = false

  @OptionGroup var common: CommonOptions

  /// The division that is asked for without a protocol; nil with one.
  private func groups() throws -> GroupSplitOptions? {
    guard scheme == nil else {
      for (option, isGiven) in [
        ("--by", by != nil), ("--test", test != nil), ("--folds", folds != nil),
        ("--leave-one-out", leaveOneOut),
      ] where isGiven {
        throw InputError(option, found: "given with --protocol", expected: "one of the two")
      }
      return nil
    }
    let choices: [GroupSplitOptions.Choice?] = [
      test.map {
        .groups($0.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }.map(String.init))
      },
      folds.map { .folds($0) }, leaveOneOut ? .leaveOneOut : nil, list.map { .list($0) },
    ]
    let given = choices.compactMap(\.self)
    guard let choice = given.first, given.count == 1, by != nil || list != nil else {
      throw InputError(
        "split",
        found:
          "no protocol, and \(by == nil ? "no --by" : "\(given.count) of --test, --folds and --leave-one-out")",
        expected: "--protocol, --list, or --by with one of --test, --folds, --leave-one-out")
    }
    for (option, isGiven) in [
      ("--fraction", fraction != nil), ("--balanced", balanced), ("--ways", ways != nil),
      ("--shots", shots != nil),
      ("--queries", queries != nil), ("--episodes", episodes != nil), ("--classes", classes != nil),
      ("--within", within != nil), ("--seed", seed != nil && folds == nil),
    ] where isGiven {
      throw InputError(option, found: "given without --protocol", expected: "a protocol that draws")
    }
    var options = GroupSplitOptions(by: by ?? .sample, choice)
    options.name = name
    options.seed = seed ?? 1
    return options
  }

  func run() throws {
    if let groups = try groups() {
      for splitting in try Splitting.write(groups, in: dataset) { common.say(splitting.summary) }
      return
    }
    guard let scheme else { preconditionFailure("neither a protocol nor groups") }
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
    options.allowsEmptySide = allowEmpty
    let splitting = try Splitting.write(options, in: dataset)
    common.say(splitting.summary)
    if case .differs = splitting.coverage, strict { throw ExitCode(InputError.Kind.badData.rawValue) }
  }
}
