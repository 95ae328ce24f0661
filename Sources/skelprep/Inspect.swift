import ArgumentParser
import Foundation
import Preparation

/// `skelprep inspect`.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a data set, a shard or one sample holds.",
    discussion: """
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

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reportingFailure {
      if let sample {
        try show(try SampleInspection(sample, in: path))
      } else {
        try show(try Inspection(path))
      }
    }
  }

  private func show(_ value: some Encodable & CustomStringConvertible) throws {
    guard json else { return print(value) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
