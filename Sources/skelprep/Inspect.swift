import ArgumentParser
import Commands
import Foundation
import Preparation
import Reporting

/// `skelprep inspect`.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a data set, a shard or one sample holds.",
    discussion: """
      Histograms of classes, lengths, bodies and seen joints are as wide as the terminal, or as COLUMNS says. Shards \
      are read one after another, without their coordinates.

      EXAMPLE
        skelprep inspect ntu60
        skelprep inspect ntu60 S001C001P001R001A001 --json
      """)

  @Argument(help: "A data set's folder, or a shard.")
  var path: String

  @Argument(help: "A sample's name.")
  var sample: String?

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "What classes are called: official, none, or a file with a name a line, from class 0 on.")
  var classNames = "official"

  @OptionGroup var common: CommonOptions

  func run() throws {
    if let sample {
      let inspection = try SampleInspection(
        sample, in: path, classNames: try ClassNames(argument: classNames))
      try show(inspection, text: inspection.description)
    } else {
      let inspection = try Inspection(path, classNames: try ClassNames(argument: classNames))
      try show(inspection, text: inspection.text(width: TerminalWidth.current))
    }
  }

  private func show(_ value: some Encodable, text: String) throws {
    if json { try printJSON(value) } else { printVisible(text) }
  }
}
