import Skeleton

/// A word of a command line that is no command, option or value, and the one that was meant, if there is one near it.
struct UsageSlip: Equatable, CustomStringConvertible {
  /// What is wrong: `unknown option --datasett`.
  let found: String
  /// What may stand there; empty where that is too much for a line.
  let expected: [String]
  /// The nearest of what may stand there.
  let meant: String?
  /// The command whose help says more: `skelprep convert`.
  let command: String

  /// The first slip of some arguments; nil if there is none, as where something is missing.
  init?(in arguments: [String], of root: CommandTree) {
    var (command, path) = (root, root.commandName)
    var words = arguments[...]
    while let children = command.subcommands, let word = words.first(where: { !$0.hasPrefix("-") }) {
      let names = children.map(\.commandName).filter { $0 != "help" }
      guard let child = children.first(where: { $0.commandName == word }) else {
        self.init(
          found: "unknown command \(word)", expected: names, meant: word.nearest(among: names), command: path)
        return
      }
      words = words.drop { $0 != word }.dropFirst()
      (command, path) = (child, "\(path) \(word)")
    }
    while let word = words.popFirst(), word != "--" {
      guard word.hasPrefix("-"), word.count > 1, Double(word) == nil else { continue }
      let name = String(word.prefix { $0 != "=" })
      guard command.options.contains(name) else {
        // `-output` is as near to `--output` as a slip can be.
        let long = name.hasPrefix("--") ? name : "-" + name
        self.init(
          found: "unknown option \(name)", expected: [], meant: long.nearest(among: command.options),
          command: path)
        return
      }
      guard let option = command.arguments?.first(where: { $0.spellings.contains(name) }),
        option.kind == "option"
      else { continue }
      let value = word.count > name.count ? String(word.dropFirst(name.count + 1)) : words.first
      if word.count == name.count { _ = words.popFirst() }
      guard let value, let values = option.allValues, !values.isEmpty, !values.contains(value) else {
        continue
      }
      self.init(
        found: "\(name) \(value)", expected: values, meant: value.nearest(among: values), command: path)
      return
    }
    return nil
  }

  private init(found: String, expected: [String], meant: String?, command: String) {
    self.found = found
    self.expected = expected
    self.meant = meant
    self.command = command
  }

  /// The message, with a hint on a line of its own.
  var description: String {
    var text = found.visibleLine
    if !expected.isEmpty { text += "; expected \(expected.joined(separator: ", "))" }
    if let meant { text += "\n  hint: did you mean \(meant)?" }
    return text + "\n  see: \(command) --help"
  }
}
