/// Lines of text that have as many words as they should, as PKU-MMD's files have.
enum TextRows {
  static let newline: UInt8 = 0x0a

  /// Space, tab, and the carriage return of CRLF.
  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }

  /// Whether a number may be followed by the byte.
  @inline(__always)
  static func endsWord(_ byte: UInt8) -> Bool { isBlank(byte) || byte == newline }

  /// Moves to the next byte of the line that is not a blank.
  @inline(__always)
  static func skipBlanks(in text: Span<UInt8>, at position: inout Int) {
    while position < text.count, isBlank(text[position]) { position += 1 }
  }

  /// Moves to the next line that is not blank; false at the end of the text.
  static func nextRow(in text: Span<UInt8>, at position: inout Int) -> Bool {
    while position < text.count, endsWord(text[position]) { position += 1 }
    return position < text.count
  }

  /// The error of a word that is not what should stand there; one that the end of the file touches may have been.
  static func unexpected(in text: Span<UInt8>, at start: Int, expected: String) -> SkeletonTextError {
    var end = start
    while end < text.count, text[end] != 0, !endsWord(text[end]) { end += 1 }
    if end == text.count { return SkeletonTextError(.truncated, at: end) }
    if text[end] == 0 { return SkeletonTextError(.nulByte, at: end) }
    return SkeletonTextError(.badToken(expected: expected), at: start)
  }

  /// The error of a line with words too many, the first of which is at `start`.
  static func surplus(in text: Span<UInt8>, at start: Int, wordsRead: Int) -> SkeletonTextError {
    var words = wordsRead
    var index = start
    while index < text.count, text[index] != newline {
      if text[index] == 0 { return SkeletonTextError(.nulByte, at: index) }
      if !isBlank(text[index]) && isBlank(text[index - 1]) { words += 1 }
      index += 1
    }
    return SkeletonTextError(.wordCount(found: words, expected: wordsRead), at: index)
  }
}
