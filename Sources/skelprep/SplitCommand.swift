import ArgumentParser
import Preparation
import Skeleton

/// `skelprep split`.
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divides a data set into training and test samples.",
    discussion: """
      Writes splits/PROTOCOL.json, which names samples and copies nothing, and compares the counts with the published \
      ones. xsub is for both data sets, xview for ntu60, xset for ntu120.

      EXAMPLE
        skelprep split ntu60 --protocol xview
      """)

  @Argument(help: "The data set's folder.")
  var dataset: String

  @Option(name: .customLong("protocol"), help: "xsub, xview or xset.")
  var scheme: EvaluationProtocol

  @Flag(help: "Exit with status 65 if the data set seems whole and the counts are not the published ones.")
  var strict = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reportingFailure {
      let splitting = try Splitting.write(protocol: scheme, in: dataset)
      print(splitting.summary)
      if case .differs = splitting.coverage, strict { throw ExitCode(InputError.Kind.badData.rawValue) }
    }
  }
}
