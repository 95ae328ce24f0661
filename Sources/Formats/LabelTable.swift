import Skeleton

/// A table that says of recordings what is done in them: `name,class,subject,camera,start,end`.
///
/// The first line names the columns, in any order; `name` alone has to be there. Several rows of one name are several
/// actions of a recording, each from its frame `start` to the one before `end`, counted from 0.
public struct LabelTable: Sendable, Equatable {
  /// A row.
  public struct Row: Sendable, Equatable {
    /// The row's line in the file, from 1.
    public let line: Int
    /// The recording: its file's name, with or without folders and extension.
    public let name: String
    /// The class; empty where none is given.
    public let label: String
    /// Who does it; empty where nobody says.
    public let subject: String
    /// Which camera saw it; empty where nobody says.
    public let camera: String
    /// The first frame; nil for the recording's first.
    public let start: Int?
    /// The frame behind the last; nil for the recording's end.
    public let end: Int?
  }

  /// All rows, in order.
  public let rows: [Row]

  /// The most rows, and so samples, of one table.
  public static let mostRows = 1_000_000
  /// The longest name or class, in bytes.
  public static let longestWord = 200

  /// What headings are called, the first being what messages call them.
  private static let headings: [(column: Column, names: [String])] = [
    (.name, ["name", "file", "filename", "file_name", "recording", "sample", "video", "path"]),
    (.label, ["class", "label", "action", "class_name", "category", "activity"]),
    (.subject, ["subject", "person", "actor", "participant", "performer"]),
    (.camera, ["camera", "view", "cam"]),
    (.start, ["start", "begin", "first", "start_frame", "from"]),
    (.end, ["end", "stop", "end_frame", "to"]),
  ]

  private enum Column: Int { case name, label, subject, camera, start, end }

  /// Reads a table: CSV, TSV, or words parted by semicolons; values may be quoted.
  ///
  /// - Throws: the first thing that does not belong, with its line.
  public static func parse(_ text: Span<UInt8>) throws(PoseFileError) -> LabelTable {
    var lines = try TableCells(text)
    var cells: [Range<Int>] = []
    guard try lines.next(in: text, into: &cells) else { throw PoseFileError("empty", found: "no row") }
    let columns = try columns(cells.map { TableCells.word($0, in: text) }, line: lines.line)
    var rows: [Row] = []
    while try lines.next(in: text, into: &cells) {
      guard cells.count == columns.count else {
        throw PoseFileError(
          "word-count", at: "line \(lines.line)", line: lines.line, found: "\(cells.count) cells",
          expected: "\(columns.count), as the first line has",
          hint: "a name with a comma in it has to stand in quotes")
      }
      guard rows.count < mostRows else {
        throw PoseFileError(
          "too-long", at: "line \(lines.line)", line: lines.line, found: "more than \(mostRows) rows")
      }
      rows.append(try row(cells, columns, lines.line, text))
    }
    if rows.isEmpty { throw PoseFileError("empty", found: "headings without a row") }
    return LabelTable(rows: rows)
  }

  private static func columns(_ words: [String], line: Int) throws(PoseFileError) -> [Column?] {
    let columns = words.map { word in
      headings.first { $0.names.contains(word.lowercased().replacing(" ", with: "_")) }?.column
    }
    func fail(_ found: String, _ expected: String) -> PoseFileError {
      PoseFileError("no-column", at: "line \(line)", line: line, found: found, expected: expected)
    }
    for (column, names) in headings where columns.count(where: { $0 == column }) > 1 {
      throw fail("two columns for the \(names[0])", "each once")
    }
    guard columns.contains(.name) else {
      throw fail(
        "the headings \(words.prefix(8).map { "\"\($0.prefix(40))\"" }.joined(separator: ", "))",
        "name,class and, where they are known, subject, camera, start and end")
    }
    return columns
  }

  private static func row(
    _ cells: [Range<Int>], _ columns: [Column?], _ line: Int, _ text: Span<UInt8>
  ) throws(PoseFileError) -> Row {
    var words = ["", "", "", "", "", ""]
    for (cell, column) in zip(cells, columns) {
      guard let column else { continue }
      let word = TableCells.word(cell, in: text)
      let isText = word.unicodeScalars.allSatisfy {
        $0.properties.generalCategory != .control && $0 != "\u{fffd}"
      }
      guard isText, word.utf8.count <= longestWord else {
        throw PoseFileError(
          "bad-token", at: "line \(line)", line: line, byte: cell.lowerBound,
          found: "\"\(word.prefix(40))\" as \(headings[column.rawValue].names[0])",
          expected: "text of at most \(longestWord) bytes in UTF-8")
      }
      words[column.rawValue] = word
    }
    func frame(_ column: Column) throws(PoseFileError) -> Int? {
      let word = words[column.rawValue]
      if word.isEmpty { return nil }
      guard let number = Int(word), (0...Recording.frameLimit).contains(number) else {
        throw PoseFileError(
          "bad-token", at: "line \(line), column \(headings[column.rawValue].names[0])", line: line,
          found: "\"\(word.prefix(40))\"", expected: "a frame, 0 to \(Recording.frameLimit)")
      }
      return number
    }
    let (start, end) = (try frame(.start), try frame(.end))
    if words[0].isEmpty {
      throw PoseFileError(
        "bad-token", at: "line \(line)", line: line, found: "no name", expected: "a recording's")
    }
    if let end, (start ?? 0) >= end {
      throw PoseFileError(
        "bad-token", at: "line \(line)", line: line, found: "frames \(start ?? 0) to \(end)",
        expected: "an end behind the start")
    }
    return Row(
      line: line, name: words[0], label: words[1], subject: words[2], camera: words[3], start: start, end: end
    )
  }

  /// The classes that are named, each once, in order: numbers by their size, words as the alphabet has them.
  public var classes: [String] { LabelTable.sorted(rows.map(\.label)) }
  /// The subjects, likewise.
  public var subjects: [String] { LabelTable.sorted(rows.map(\.subject)) }
  /// The cameras, likewise.
  public var cameras: [String] { LabelTable.sorted(rows.map(\.camera)) }

  /// Words, each once, without empty ones; 2 before 10, S2 before S10.
  static func sorted(_ words: [String]) -> [String] {
    func parts(_ word: String) -> (String, Int, String) {
      let digits = word.reversed().prefix { ("0"..."9").contains($0) }.count
      return (String(word.dropLast(digits)), Int(word.suffix(digits)) ?? -1, word)
    }
    return Set(words).filter { !$0.isEmpty }.map(parts).sorted { $0 < $1 }.map(\.2)
  }
}
