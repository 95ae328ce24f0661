import ArgumentParser
import Foundation

/// The commands of a program with their options, as ArgumentParser tells other programs of them.
struct CommandTree: Decodable, Equatable {
  struct Argument: Decodable, Equatable {
    struct Name: Decodable, Equatable {
      let kind: String
      let name: String
    }

    let kind: String
    let names: [Name]?
    let allValues: [String]?

    /// `--output`, `-q`.
    var spellings: [String] {
      (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
    }
  }

  private struct Dump: Decodable { let command: CommandTree }

  let commandName: String
  let subcommands: [CommandTree]?
  let arguments: [Argument]?

  /// The tree of a program; nil if ArgumentParser's text about it cannot be read, and so nothing be said of slips.
  init?<Root: ParsableCommand>(of root: Root.Type) {
    let text = root._dumpHelp()
    guard let dump = try? JSONDecoder().decode(Dump.self, from: Data(text.utf8)) else { return nil }
    self = dump.command
  }

  /// All that may stand there behind `--` or `-`.
  var options: [String] { (arguments ?? []).flatMap(\.spellings) + ["--help", "-h", "--version"] }
}
