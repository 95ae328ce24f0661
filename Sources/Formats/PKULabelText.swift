import Skeleton

/// The label text of PKU-MMD: a row `label,start,end,confidence` for each action of a recording.
///
/// The published files have commas; semicolons, blanks and tabs in their place, as spreadsheets and numpy write them,
/// are read as well.
public struct PKULabelText {
  /// A row as it is written; whether it makes sense is for ``ActionRows`` to say.
  public struct Row: Sendable, Equatable {
    /// The line of the file, from 1.
    public let line: Int
    /// The class as the file counts it, from 1.
    public let label: Int
    /// The first frame.
    public let start: Int
    /// The last frame, or the one after it: the convention decides.
    public let end: Int
    /// How sure the annotator was: 0, 1 or 2 in the published files.
    public let confidence: Float

    /// A row.
    public init(line: Int, label: Int, start: Int, end: Int, confidence: Float) {
      self.line = line
      self.label = label
      self.start = start
      self.end = end
      self.confidence = confidence
    }
  }

  /// Reads a whole file: its rows in the order that they have there.
  ///
  /// Blanks around numbers, CRLF, blank lines and a byte order mark are passed over; the last row may be unterminated.
  ///
  /// - Throws: ``SkeletonTextError`` at the first byte that does not belong, `empty` where there is no row, and
  ///   `tooLong` at the first row beyond `Recording.frameLimit`: no recording has more actions than frames.
  public static func parse(_ text: Span<UInt8>) throws(SkeletonTextError) -> [Row] {
    var rows: [Row] = []
    var position = try TextStart.position(in: text)
    var line = 1
    while true {
      let start = position
      guard TextRows.nextRow(in: text, at: &position) else { break }
      for index in start..<position where text[index] == TextRows.newline { line += 1 }
      if rows.count == Recording.frameLimit {
        throw SkeletonTextError(.tooLong(limit: Recording.frameLimit), at: position)
      }
      rows.append(try row(in: text, at: &position, line: line))
    }
    if rows.isEmpty { throw SkeletonTextError(.empty, at: 0) }
    return rows
  }

  /// What a text with the name of a recording holds.
  public enum Kind: Sendable, Equatable {
    /// Rows of labels, or what is meant to be.
    case labels
    /// Frames of a recording, or what is meant to be.
    case skeletons
    /// Nothing but blanks: neither can be told.
    case nothing
  }

  /// Tells labels from skeletons, which PKU-MMD gives the same names, by the words in the first line that is not blank:
  /// a row of labels has four, and a frame of a recording 150.
  public static func kind(of text: Span<UInt8>) -> Kind {
    var position = (try? TextStart.position(in: text)) ?? 0
    guard TextRows.nextRow(in: text, at: &position) else { return .nothing }
    var words = 0
    var isInWord = false
    while position < text.count, text[position] != TextRows.newline {
      // The usual trace of a recording whose copy was cut off.
      if text[position] == 0 { return .skeletons }
      let isWord = !TextRows.isBlank(text[position]) && !isSeparator(text[position])
      if isWord && !isInWord { words += 1 }
      if words > mostLabelWords { return .skeletons }
      isInWord = isWord
      position += 1
    }
    return .labels
  }

  /// More words than a row of labels could have, were something added to it, and far fewer than a frame has.
  private static let mostLabelWords = 10
  private static let rowWords = 4

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
  }

  private static func row(
    in text: Span<UInt8>, at position: inout Int, line: Int
  ) throws(SkeletonTextError) -> Row {
    let label = try wholeNumber(in: text, at: &position, word: 0, expected: "a class")
    let start = try wholeNumber(in: text, at: &position, word: 1, expected: "a frame")
    let end = try wholeNumber(in: text, at: &position, word: 2, expected: "a frame")
    let confidence = try confidence(in: text, at: &position)
    return Row(line: line, label: label, start: start, end: end, confidence: confidence)
  }

  /// One of the first three numbers, and what parts it from the next.
  private static func wholeNumber(
    in text: Span<UInt8>, at position: inout Int, word: Int, expected: String
  ) throws(SkeletonTextError) -> Int {
    TextRows.skipBlanks(in: text, at: &position)
    let start = position
    // numpy writes whole numbers as others, 3.3e+01, unless it is told not to.
    guard case .finite(let value) = DecimalScanner.number(in: text, at: &position), value == value.rounded(),
      (0...Double(Int32.max)).contains(value)
    else { throw unexpected(in: text, at: start, expected: expected) }
    let end = position
    TextRows.skipBlanks(in: text, at: &position)
    if position == text.count { throw SkeletonTextError(.truncated, at: position) }
    if text[position] == TextRows.newline {
      throw SkeletonTextError(.wordCount(found: word + 1, expected: rowWords), at: position)
    }
    if isSeparator(text[position]) {
      position += 1
    } else if position == end {
      // No number ends like this: `3x,`.
      throw unexpected(in: text, at: start, expected: "\(expected), and a comma behind it")
    }
    return Int(value)
  }

  /// The last number, and the end of the line.
  private static func confidence(
    in text: Span<UInt8>, at position: inout Int
  ) throws(SkeletonTextError) -> Float {
    TextRows.skipBlanks(in: text, at: &position)
    let start = position
    let value: Double
    switch DecimalScanner.number(in: text, at: &position) {
    case .finite(let number) where number >= 0: value = number
    case .notFinite: throw SkeletonTextError(.notFinite, at: start)
    case .outOfRange: throw SkeletonTextError(.outOfRange, at: start)
    default: throw unexpected(in: text, at: start, expected: "a confidence")
    }
    let end = position
    TextRows.skipBlanks(in: text, at: &position)
    if position < text.count, text[position] != TextRows.newline {
      if isSeparator(text[position]) || position > end {
        throw SkeletonTextError(.wordCount(found: rowWords + 1, expected: rowWords), at: position)
      }
      throw unexpected(in: text, at: start, expected: "the end of the line")
    }
    guard Float(value).isFinite else { throw SkeletonTextError(.outOfRange, at: start) }
    return Float(value)
  }

  private static func unexpected(in text: Span<UInt8>, at start: Int, expected: String) -> SkeletonTextError {
    TextRows.unexpected(in: text, at: start, expected: expected)
  }
}
