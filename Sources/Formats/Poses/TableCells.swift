/// The cells of a table's text, line by line.
struct TableCells {
  /// What parts the cells of a line.
  enum Separator: Equatable {
    /// A sign.
    case sign(UInt8)
    /// Any number of blanks.
    case blanks
  }

  static let quote = UInt8(ascii: "\"")
  /// The most columns that a table may have: hands and faces of two people with confidences have fewer.
  static let mostColumns = 10_000

  let separator: Separator
  /// Where the next line starts.
  private(set) var position: Int
  /// The line that was read last, from 1.
  private(set) var line = 0

  /// Cells of a text, parted by what its first line of content has most of.
  init(_ text: Span<UInt8>) throws(PoseFileError) {
    do { position = try TextStart.position(in: text) } catch { throw PoseFileError(error) }
    var counts: [UInt8: Int] = [:]
    var at = position
    var isQuoted = false
    var hasContent = false
    while at < text.count {
      let byte = text[at]
      if byte == TextRows.newline {
        if hasContent { break }
        counts = [:]
      } else if byte == UInt8(ascii: "#") && !hasContent {
        while at < text.count, text[at] != TextRows.newline { at += 1 }
        continue
      } else if byte == TableCells.quote {
        isQuoted.toggle()
        hasContent = true
      } else if !isQuoted {
        counts[byte, default: 0] += 1
        if !TextRows.isBlank(byte) { hasContent = true }
      }
      at += 1
    }
    let signs = [UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: ",")]
    separator = signs.first { counts[$0, default: 0] > 0 }.map { .sign($0) } ?? .blanks
  }

  /// The cells of the next line that is neither blank nor a comment, without blanks and quotes around them; nil at the
  /// end.
  ///
  /// - Throws: `nul-byte`, the usual trace of a copy that was cut off, and a line of too many cells.
  mutating func next(in text: Span<UInt8>, into cells: inout [Range<Int>]) throws(PoseFileError) -> Bool {
    while position < text.count {
      line += 1
      cells.removeAll(keepingCapacity: true)
      var start = position
      var at = position
      var isQuoted = false
      func cell(_ start: Int, _ end: Int) -> Range<Int> {
        var (low, high) = (start, end)
        while low < high, TextRows.isBlank(text[low]) { low += 1 }
        while low < high, TextRows.isBlank(text[high - 1]) { high -= 1 }
        if high - low >= 2, text[low] == TableCells.quote, text[high - 1] == TableCells.quote {
          low += 1
          high -= 1
        }
        return low..<high
      }
      while at < text.count, text[at] != TextRows.newline {
        let byte = text[at]
        if byte == 0 {
          throw PoseFileError(
            "nul-byte", at: "line \(line)", line: line, byte: at, found: "a NUL byte", expected: "text")
        }
        if byte == TableCells.quote { isQuoted.toggle() }
        let isEnd =
          switch separator {
          case .sign(let sign): byte == sign && !isQuoted
          case .blanks: TextRows.isBlank(byte) && !isQuoted
          }
        if isEnd {
          let own = cell(start, at)
          if separator != .blanks || !own.isEmpty { cells.append(own) }
          start = at + 1
          if cells.count > TableCells.mostColumns {
            throw PoseFileError(
              "column-count", at: "line \(line)", line: line, byte: at,
              found: "more than \(TableCells.mostColumns) columns", expected: "some hundred at most")
          }
        }
        at += 1
      }
      let last = cell(start, at)
      if separator != .blanks || !last.isEmpty { cells.append(last) }
      let isComment = cells.first.map { !$0.isEmpty && text[$0.lowerBound] == UInt8(ascii: "#") } ?? false
      position = at < text.count ? at + 1 : at
      if !isComment && cells.contains(where: { !$0.isEmpty }) { return true }
    }
    return false
  }

  /// What a cell says.
  static func word(_ cell: Range<Int>, in text: Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    for index in cell { bytes.append(text[index]) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The number in a cell: not-a-number for an empty one, or one that says that there is none; nil for another word.
  ///
  /// Where cells are not parted by commas, a comma may stand for the point.
  func number(_ cell: Range<Int>, in text: Span<UInt8>) -> Double? {
    if cell.isEmpty { return .nan }
    var at = cell.lowerBound
    switch DecimalScanner.number(in: text, at: &at) {
    case .finite(let value) where at == cell.upperBound: return value
    case .notFinite where at == cell.upperBound: return .nan
    case .outOfRange where at == cell.upperBound: return .nan
    default: break
    }
    let word = TableCells.word(cell, in: text)
    if ["na", "n/a", "none", "null", "-", "nan"].contains(word.lowercased()) { return .nan }
    guard separator != .sign(UInt8(ascii: ",")), word.utf8.count(where: { $0 == UInt8(ascii: ",") }) == 1,
      word.utf8.allSatisfy({ (0x30...0x39).contains($0) || ",-+eE".utf8.contains($0) })
    else { return nil }
    return Double(String(word.map { $0 == "," ? "." : $0 }))
  }
}
