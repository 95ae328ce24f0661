import Foundation

/// JSON of which lists of numbers are most: what poses are written in.
///
/// One pass over the bytes; memory is bounded by the text, and by limits on depth and on the number of values.
indirect enum JSONTree: Equatable {
  /// A list of numbers; not-a-number for `null` among them, and for NaN, which Python writes.
  case numbers([Double])
  /// Any other list.
  case list([JSONTree])
  /// Values by name, in order.
  case object([Entry])
  /// A text.
  case text(String)
  /// A number alone.
  case number(Double)
  /// `true`, `false` or `null`.
  case word

  /// A value and its name.
  struct Entry: Equatable {
    let name: String
    let value: JSONTree
  }

  /// Deepest nesting; poses need six.
  static let deepest = 24
  /// Most lists, objects and texts of a file: more than twenty minutes of two people.
  static let mostValues = 12_000_000

  /// Reads a text.
  ///
  /// - Throws: the first byte that does not belong.
  static func parse(_ text: Span<UInt8>) throws(PoseFileError) -> JSONTree {
    var at: Int
    do { at = try TextStart.position(in: text) } catch { throw PoseFileError(error) }
    var values = 0
    let tree = try value(in: text, at: &at, depth: 0, &values)
    skipBlanks(in: text, at: &at)
    if at < text.count { throw fault("trailing-data", text, at, "the end of the file") }
    return tree
  }

  /// The value of a name; nil where there is none, or this is no object.
  subscript(name: String) -> JSONTree? {
    guard case .object(let entries) = self else { return nil }
    return entries.first { $0.name == name }?.value
  }

  /// The first of these names that has a value.
  func first(_ names: [String]) -> (name: String, value: JSONTree)? {
    for name in names { if let value = self[name] { return (name, value) } }
    return nil
  }

  private static func skipBlanks(in text: Span<UInt8>, at: inout Int) {
    while at < text.count, TextRows.endsWord(text[at]) { at += 1 }
  }

  private static func fault(_ kind: String, _ text: Span<UInt8>, _ at: Int, _ expected: String)
    -> PoseFileError
  {
    if at >= text.count {
      return PoseFileError(
        "truncated", byte: at, found: "byte \(at): the end of the file", expected: expected)
    }
    if text[at] == 0 {
      return PoseFileError("nul-byte", byte: at, found: "byte \(at): a NUL byte", expected: expected)
    }
    let letter =
      (33...126).contains(text[at]) ? "\"\(Character(Unicode.Scalar(text[at])))\"" : "the byte \(text[at])"
    return PoseFileError(kind, byte: at, found: "byte \(at): \(letter)", expected: expected)
  }

  private static func value(
    in text: Span<UInt8>, at: inout Int, depth: Int, _ values: inout Int
  ) throws(PoseFileError) -> JSONTree {
    skipBlanks(in: text, at: &at)
    guard at < text.count else { throw fault("truncated", text, at, "a value") }
    values += 1
    if depth > deepest || values > mostValues {
      throw PoseFileError(
        "nesting", byte: at,
        found: "byte \(at): \(depth > deepest ? "lists in lists \(depth) deep" : "too many values")",
        expected: "frames of bodies of joints")
    }
    switch text[at] {
    case UInt8(ascii: "["): return try list(in: text, at: &at, depth: depth, &values)
    case UInt8(ascii: "{"): return try object(in: text, at: &at, depth: depth, &values)
    case UInt8(ascii: "\""): return .text(try string(in: text, at: &at))
    default:
      if try skipWord(in: text, at: &at) { return .word }
      return .number(try number(in: text, at: &at))
    }
  }

  /// Passes over `true`, `false` and `null`.
  private static func skipWord(in text: Span<UInt8>, at: inout Int) throws(PoseFileError) -> Bool {
    let first = text[at]
    guard let word = ["true", "false", "null"].first(where: { $0.utf8.first == first }) else { return false }
    for (offset, byte) in word.utf8.enumerated() {
      guard at + offset < text.count, text[at + offset] == byte else {
        throw fault("bad-token", text, min(at + offset, text.count), word)
      }
    }
    at += word.utf8.count
    return true
  }

  private static func number(in text: Span<UInt8>, at: inout Int) throws(PoseFileError) -> Double {
    let start = at
    let result: Double
    // NaN and Infinity are no JSON, and stand in files of Python all the same; they end before a comma.
    var end = start
    while end < text.count, !TextRows.endsWord(text[end]), !",]}".utf8.contains(text[end]), end - start < 400
    {
      end += 1
    }
    if end == start { throw fault("bad-token", text, start, "a value") }
    let own = text.extracting(start..<end)
    var position = 0
    switch DecimalScanner.number(in: own, at: &position) {
    case .finite(let value): result = value
    case .notFinite, .outOfRange: result = .nan
    case .malformed: throw fault("bad-token", text, start, "a number")
    }
    if position != own.count {
      throw fault("bad-token", text, start + position, "a comma or the end of a list")
    }
    at = end
    return result
  }

  private static func list(
    in text: Span<UInt8>, at: inout Int, depth: Int, _ values: inout Int
  ) throws(PoseFileError) -> JSONTree {
    at += 1
    var numbers: [Double] = []
    var others: [JSONTree] = []
    var isNumbers = true
    skipBlanks(in: text, at: &at)
    if at < text.count, text[at] == UInt8(ascii: "]") {
      at += 1
      return .list([])
    }
    while true {
      skipBlanks(in: text, at: &at)
      guard at < text.count else { throw fault("truncated", text, at, "a value") }
      if isNumbers, !"[{\"tf".utf8.contains(text[at]) {
        if text[at] == UInt8(ascii: "n"), try skipWord(in: text, at: &at) {
          numbers.append(.nan)
        } else {
          numbers.append(try number(in: text, at: &at))
        }
      } else {
        if isNumbers {
          isNumbers = false
          others = numbers.map { $0.isNaN ? .word : .number($0) }
          values += numbers.count
        }
        others.append(try value(in: text, at: &at, depth: depth + 1, &values))
      }
      skipBlanks(in: text, at: &at)
      guard at < text.count else { throw fault("truncated", text, at, "] or a comma") }
      at += 1
      if text[at - 1] == UInt8(ascii: "]") { break }
      if text[at - 1] != UInt8(ascii: ",") { throw fault("bad-token", text, at - 1, "] or a comma") }
    }
    return isNumbers ? .numbers(numbers) : .list(others)
  }

  private static func object(
    in text: Span<UInt8>, at: inout Int, depth: Int, _ values: inout Int
  ) throws(PoseFileError) -> JSONTree {
    at += 1
    var entries: [Entry] = []
    var names: Set<String> = []
    skipBlanks(in: text, at: &at)
    if at < text.count, text[at] == UInt8(ascii: "}") {
      at += 1
      return .object([])
    }
    while true {
      skipBlanks(in: text, at: &at)
      guard at < text.count, text[at] == UInt8(ascii: "\"") else {
        throw fault("bad-token", text, at, "a name")
      }
      let start = at
      let name = try string(in: text, at: &at)
      guard names.insert(name).inserted else {
        throw PoseFileError(
          "bad-token", byte: start, found: "byte \(start): \"\(name.prefix(40))\" twice in one object")
      }
      skipBlanks(in: text, at: &at)
      guard at < text.count, text[at] == UInt8(ascii: ":") else {
        throw fault("bad-token", text, at, "a colon")
      }
      at += 1
      entries.append(Entry(name: name, value: try value(in: text, at: &at, depth: depth + 1, &values)))
      skipBlanks(in: text, at: &at)
      guard at < text.count else { throw fault("truncated", text, at, "} or a comma") }
      at += 1
      if text[at - 1] == UInt8(ascii: "}") { break }
      if text[at - 1] != UInt8(ascii: ",") { throw fault("bad-token", text, at - 1, "} or a comma") }
    }
    return .object(entries)
  }

  /// A text in quotes; one with escapes is left to the system's reader.
  private static func string(in text: Span<UInt8>, at: inout Int) throws(PoseFileError) -> String {
    let start = at
    var bytes: [UInt8] = []
    var hasEscapes = false
    at += 1
    while at < text.count, text[at] != UInt8(ascii: "\"") {
      if text[at] < 0x20 { throw fault("bad-token", text, at, "the end of a text") }
      if text[at] == UInt8(ascii: "\\") {
        hasEscapes = true
        bytes.append(text[at])
        at += 1
        if at == text.count { break }
      }
      bytes.append(text[at])
      at += 1
    }
    guard at < text.count else { throw fault("truncated", text, at, "the end of a text") }
    at += 1
    if !hasEscapes { return String(decoding: bytes, as: UTF8.self) }
    let quoted = Data([UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")])
    guard let word = try? JSONDecoder().decode(String.self, from: quoted) else {
      throw PoseFileError(
        "bad-token", byte: start, found: "byte \(start): a text with an escape that is none")
    }
    return word
  }
}
