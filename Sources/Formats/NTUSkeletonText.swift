import Skeleton

/// The `.skeleton` text of NTU RGB+D.
///
/// A line with the number of frames; per frame a line with the number of bodies; per body a line of ten words
/// that starts with its id, a line with the number of joints, 25, and for each joint a line of twelve words that
/// starts with x y z in metres. Source: `read_skeleton_file.m` of shahroudy/NTURGB-D.
public struct NTUSkeletonText {
  /// Reads a whole file.
  ///
  /// Lines end in LF or CRLF, words are separated by spaces or tabs, the last line may be unterminated, and a byte
  /// order mark is passed over. Counts in the text decide nothing but when to stop: memory grows with the bytes that
  /// are there. Coordinates that are not numbers make their joint a joint that was not seen, as some published
  /// recordings hold them.
  ///
  /// - Throws: ``SkeletonTextError`` at the first byte that does not belong.
  public static func parse(_ text: Span<UInt8>) throws(SkeletonTextError) -> Recording {
    var position = try TextStart.position(in: text)
    try requireText(text, from: position)
    // A joint line has at least 24 bytes; real ones have about a hundred, and this only saves copies.
    var recording = Recording(reservingBodies: text.count / (100 * Kinect25.jointCount))
    var joints = [Double](repeating: 0, count: Kinect25.jointCount * Kinect25.coordinateCount)  // (V, C)
    let frameCount = try count(in: text, at: &position)
    var frame: UInt64 = 0
    while frame < frameCount {
      if frame == Recording.frameLimit {
        throw SkeletonTextError(.tooLong(limit: Recording.frameLimit), at: position)
      }
      let bodyCount = try count(in: text, at: &position)
      var body: UInt64 = 0
      while body < bodyCount {
        let id = try bodyID(in: text, at: &position)
        try expectJointCount(in: text, at: &position)
        for place in stride(from: 0, to: joints.count, by: Kinect25.coordinateCount) {
          try joint(in: text, at: &position, into: &joints, at: place)
        }
        recording.appendBody(id: id, joints: joints)
        body += 1
      }
      recording.endFrame()
      frame += 1
    }
    try expectEnd(of: text, at: position)
    return recording
  }

  /// The words of a joint's line: three coordinates, four pixels, four numbers of orientation, one state.
  private static let jointWords = 12
  /// The words of a body's line, its id the first.
  private static let bodyWords = 10

  private static func requireText(_ text: Span<UInt8>, from start: Int) throws(SkeletonTextError) {
    var index = start
    while index < text.count, isBlank(text[index]) || text[index] == newline { index += 1 }
    if index == text.count { throw SkeletonTextError(.empty, at: 0) }
  }

  /// A line of one whole number.
  private static func count(
    in text: Span<UInt8>, at position: inout Int
  ) throws(SkeletonTextError) -> UInt64 {
    skipBlanks(in: text, at: &position)
    let start = position
    guard let value = DecimalScanner.unsigned(in: text, at: &position) else {
      throw unexpected(in: text, at: start, expected: "a count")
    }
    try endWord(in: text, at: &position, startedAt: start, expected: "a count")
    try endLine(in: text, at: &position, wordsRead: 1, of: 1)
    return value
  }

  private static func bodyID(
    in text: Span<UInt8>, at position: inout Int
  ) throws(SkeletonTextError) -> UInt64 {
    skipBlanks(in: text, at: &position)
    let start = position
    guard let value = DecimalScanner.unsigned(in: text, at: &position) else {
      throw unexpected(in: text, at: start, expected: "a body id of 64 bits")
    }
    try endWord(in: text, at: &position, startedAt: start, expected: "a body id of 64 bits")
    try endLine(in: text, at: &position, wordsRead: 1, of: bodyWords)
    return value
  }

  private static func expectJointCount(
    in text: Span<UInt8>, at position: inout Int
  ) throws(SkeletonTextError) {
    skipBlanks(in: text, at: &position)
    let start = position
    let found = try count(in: text, at: &position)
    if found != UInt64(Kinect25.jointCount) {
      // A 2 that the end of the file touches may have been a 25.
      if text[position - 1] != newline { throw SkeletonTextError(.truncated, at: position) }
      throw SkeletonTextError(.jointCount(Int(clamping: found)), at: start)
    }
  }

  @inline(__always)
  private static func joint(
    in text: Span<UInt8>, at position: inout Int, into joints: inout [Double], at place: Int
  ) throws(SkeletonTextError) {
    for axis in 0..<Kinect25.coordinateCount {
      joints[place + axis] = try coordinate(in: text, at: &position, wordsRead: axis)
    }
    try endLine(in: text, at: &position, wordsRead: 3, of: jointWords)
  }

  /// A coordinate; one that is no number, or too large for one, is not-a-number.
  @inline(__always)
  private static func coordinate(
    in text: Span<UInt8>, at position: inout Int, wordsRead: Int
  ) throws(SkeletonTextError) -> Double {
    skipBlanks(in: text, at: &position)
    let start = position
    switch DecimalScanner.number(in: text, at: &position) {
    case .finite(let value):
      try endWord(in: text, at: &position, startedAt: start, expected: "a coordinate")
      return value
    case .notFinite, .outOfRange:
      try endWord(in: text, at: &position, startedAt: start, expected: "a coordinate")
      return .nan
    case .malformed:
      if start < text.count, text[start] == newline {
        throw SkeletonTextError(.wordCount(found: wordsRead, expected: jointWords), at: start)
      }
      throw unexpected(in: text, at: start, expected: "a coordinate")
    }
  }
}

/// Where words and lines end.
extension NTUSkeletonText {
  private static let newline: UInt8 = 0x0a
  private static let space: UInt8 = 0x20

  /// Space, tab, and the carriage return of CRLF.
  @inline(__always)
  private static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == 0x09 || byte == 0x0d }

  @inline(__always)
  private static func skipBlanks(in text: Span<UInt8>, at position: inout Int) {
    while position < text.count, isBlank(text[position]) { position += 1 }
  }

  /// Checks that the word that was read ends where its number did.
  @inline(__always)
  private static func endWord(
    in text: Span<UInt8>, at position: inout Int, startedAt start: Int, expected: String
  ) throws(SkeletonTextError) {
    guard position < text.count else { return }
    let byte = text[position]
    if byte > space { throw SkeletonTextError(.badToken(expected: expected), at: start) }
    if byte == 0 { throw SkeletonTextError(.nulByte, at: position) }
  }

  /// Passes over the line's other words, whatever they say, and the line break behind them.
  @inline(__always)
  private static func endLine(
    in text: Span<UInt8>, at position: inout Int, wordsRead: Int, of expected: Int
  ) throws(SkeletonTextError) {
    let end = text.count
    var index = position
    var words = wordsRead
    // The last word read ends here, so what follows it starts with a blank or is the line's end.
    var wasBlank = false
    while let eight = EightBytes(in: text, at: index) {
      let blanks = eight.atMostSpace
      let ends = eight.equal(to: newline)
      // Tabs, carriage returns and what does not belong: byte by byte, below.
      guard blanks == eight.equal(to: space) | ends else { break }
      let starts = (blanks << 8 | (wasBlank ? 0x80 : 0)) & ~blanks & EightBytes.tops
      if ends != 0 {
        words &+= EightBytes.count(starts & ((ends & (0 &- ends)) &- 1))
        index &+= ends.trailingZeroBitCount >> 3
        break
      }
      words &+= EightBytes.count(starts)
      wasBlank = blanks >> 63 != 0
      index &+= 8
    }
    while index < end {
      let byte = text[index]
      if byte == newline { break }
      let blank = byte <= space
      if blank && !isBlank(byte) { throw unexpected(in: text, at: index, expected: "text") }
      words &+= wasBlank && !blank ? 1 : 0
      wasBlank = blank
      index += 1
    }
    if words != expected {
      if index == end && words < expected { throw SkeletonTextError(.truncated, at: end) }
      throw SkeletonTextError(.wordCount(found: words, expected: expected), at: index)
    }
    position = index < end ? index + 1 : end
  }

  private static func expectEnd(of text: Span<UInt8>, at start: Int) throws(SkeletonTextError) {
    var index = start
    while index < text.count, isBlank(text[index]) || text[index] == newline { index += 1 }
    if index < text.count {
      throw SkeletonTextError(text[index] == 0 ? .nulByte : .trailingData, at: index)
    }
  }

  private static func unexpected(
    in text: Span<UInt8>, at position: Int, expected: String
  ) -> SkeletonTextError {
    // A word that the end of the file touches may have been a good one.
    var end = position
    while end < text.count, text[end] > space { end += 1 }
    if end == text.count { return SkeletonTextError(.truncated, at: end) }
    if text[position] == 0 { return SkeletonTextError(.nulByte, at: position) }
    return SkeletonTextError(.badToken(expected: expected), at: position)
  }
}
