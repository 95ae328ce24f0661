import Foundation
import Shards
import Skeleton
import Yams

/// A recipe file's text into nodes, with nothing in it that could keep a program busy: not too long, and without the
/// aliases by which a page of YAML can stand for more than there is memory.
enum RecipeText {
  /// Most bytes that a recipe file may have; a recipe is a page of text.
  static let largestFile = 1 << 20

  /// The text of a file; no more than what is allowed is read of a longer one.
  ///
  /// - Throws: an `InputError` if it cannot be read, is too long, or is no UTF-8.
  static func read(_ url: URL) throws -> String {
    let name = url.lastPathComponent
    let data: Data
    do {
      data = try OpenFile(url).bytes(at: 0, largestFile + 1)
    } catch let error as InputError where error.kind == .noInput {
      throw InputError(
        url.path, found: "the recipe cannot be read", hint: "the provided ones are in pipelines/",
        kind: .noInput)
    }
    guard data.count <= largestFile else {
      throw InputError(
        name, found: "more than \(largestFile) bytes", expected: "a recipe of at most \(largestFile) bytes")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw InputError(name, found: "bytes that are no text", expected: "UTF-8")
    }
    return text
  }

  /// The root of a YAML text; nil for one without content.
  ///
  /// - Throws: an `InputError` with line and column for what is no YAML, has an anchor or alias, or a key twice.
  static func compose(_ yaml: String, file: String) throws -> RecipeTree? {
    guard yaml.utf8.count <= largestFile else {
      throw InputError(
        file, at: "recipe", found: "\(yaml.utf8.count) bytes",
        expected: "a recipe of at most \(largestFile) bytes")
    }
    if let place = firstAnchor(in: yaml) {
      throw InputError(
        file, at: "line \(place.line), column \(place.column)", found: "an anchor or alias, \(place.sign)…",
        expected: "every value spelled out", hint: "put a text that begins so in quotes")
    }
    do { return try Yams.Parser(yaml: yaml).singleRoot().map(RecipeTree.init) } catch let error as YamlError {
      throw refusal(error, file)
    }
  }

  private static func refusal(_ error: YamlError, _ file: String) -> InputError {
    func place(_ mark: Mark) -> String { "line \(mark.line), column \(mark.column)" }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return InputError(file, at: place(mark), found: "no YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      return InputError(
        file, at: place(context.mark), found: "\(keys.joined(separator: ", ")) twice",
        expected: "each key once")
    default:
      return InputError(file, found: "no YAML: \(error)".split(separator: "\n").joined(separator: " "))
    }
  }

  /// The first `&` or `*` where a value or a key may begin.
  ///
  /// The parser follows aliases before anybody can look at them, and would compare a key that is a bomb of them with the
  /// other keys for hours. So this errs to the safe side: it also finds some in quotes, such as in "a, *b".
  static func firstAnchor(in yaml: String) -> (line: Int, column: Int, sign: Character)? {
    var (line, column) = (1, 0)
    var (begins, isComment, last) = (true, false, Character("\n"))
    for letter in yaml {
      column += 1
      if letter.isNewline {
        (line, column, begins, isComment) = (line + 1, 0, true, false)
      } else if isComment {
        // What looks like a comment may be in quotes, which then end before an alias can follow.
        isComment = letter != "\"" && letter != "'"
      } else if letter == "#" && last.isWhitespace {
        (isComment, begins) = (true, false)
      } else if begins && (letter == "&" || letter == "*") {
        return (line, column, letter)
      } else if "[{,".contains(letter) {
        begins = true
      } else if letter.isWhitespace {
        // Behind the signs of an item, a key and its value.
        begins = begins || "-?:".contains(last)
      } else {
        // A tag may stand before an anchor.
        begins = begins && letter == "!"
      }
      last = letter
    }
    return nil
  }
}
