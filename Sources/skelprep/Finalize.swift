import ArgumentParser
import Commands
import Preparation
import Reporting
import Skeleton

/// `skelprep finalize`.
struct Finalize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finishes a data set that was converted in parts.",
    discussion: """
      When every part of convert --shard-index I --shard-count N is done, writes report.json and manifest.json. The data \
      set has the same bytes as one that was converted in one go. Says which parts are missing, if any.

      EXAMPLE
        skelprep finalize ntu60
      """)

  @Argument(help: "The data set's folder.")
  var dataset: String

  @Flag(help: "Exit with status 65 if a file was dropped.")
  var strict = false

  @OptionGroup var json: JSONOption
  @OptionGroup var common: CommonOptions

  func run() throws {
    let outcome = try ConversionPart.finalize(dataset)
    try json.show(outcome.counts, text: outcome.summary, common)
    if strict && outcome.hasBadFiles { throw ExitCode(InputError.Kind.badData.rawValue) }
  }
}
