import ArgumentParser
import Foundation
import Reporting

extension ProgressMode: ExpressibleByArgument {}

/// What all commands have in common: how much they say.
public struct CommonOptions: ParsableArguments {
  @Option(help: "How progress is shown: auto, plain or none.")
  var progress = ProgressMode.auto

  @Flag(name: .shortAndLong, help: "Say nothing but what is wrong: no progress, no summary.")
  var quiet = false

  /// For ArgumentParser.
  public init() {}

  /// How progress is shown.
  public var mode: ProgressMode { quiet ? .none : progress }

  /// Prints a summary for people, unless asked to be quiet.
  public func say(_ text: some CustomStringConvertible) {
    if !quiet { printVisible(text) }
  }
}

/// Whether a command's result is printed for programs.
public struct JSONOption: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Print the result as JSON, on standard output alone.")
  var isOn = false

  /// For ArgumentParser.
  public init() {}

  /// Prints a result: as JSON where that is asked for, else its text unless asked to be quiet.
  ///
  /// - Parameters:
  ///   - value: the result.
  ///   - text: the same for people.
  ///   - common: whether to be quiet.
  public func show(
    _ value: @autoclosure () throws -> some Encodable, text: String, _ common: CommonOptions
  ) throws {
    guard isOn else { return common.say(text) }
    try printJSON(value())
  }

  /// Whether JSON is asked for.
  public var isWanted: Bool { isOn }
}

/// Prints JSON with sorted keys, a key a line.
public func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
