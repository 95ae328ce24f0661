import Skeleton

/// The skeleton text of PKU-MMD: a row for each frame, 150 numbers, the x y z in metres of 25 joints of two bodies.
///
/// A body that is not there is written as 75 zeros. There are no ids and no states. Source: the README of ECHO960/PKU-MMD
/// and a genuine recording.
public struct PKUSkeletonText {
  /// The numbers of a row.
  static let rowWords = 2 * bodyWords
  private static let bodyWords = Kinect25.jointCount * Kinect25.coordinateCount

  /// Reads a whole file.
  ///
  /// Numbers are separated by spaces or tabs, rows by LF or CRLF; blank lines are passed over and the last row may be
  /// unterminated. The body of the first 75 numbers has the id 0, that of the others the id 1, and each stays in its
  /// place: a body of zeros is left out if no body follows it, but where the second is there without the first, the
  /// first is kept as a body whose joints were not seen, so that position and id say the same in every frame. A
  /// coordinate that is no number makes its joint one that was not seen; see `Recording.lostJoints`.
  ///
  /// - Throws: ``SkeletonTextError`` at the first byte that does not belong, and `tooLong` at the first row beyond
  ///   `Recording.frameLimit`.
  public static func parse(_ text: Span<UInt8>) throws(SkeletonTextError) -> Recording {
    var position = try TextStart.position(in: text)
    // A number has about nine bytes; this only saves copies.
    var recording = Recording(reservingBodies: text.count / (9 * bodyWords))
    var row = [Double](repeating: 0, count: rowWords)
    while TextRows.nextRow(in: text, at: &position) {
      if recording.frameCount == Recording.frameLimit {
        throw SkeletonTextError(.tooLong(limit: Recording.frameLimit), at: position)
      }
      try readRow(in: text, at: &position, into: &row)
      let bodies = row[bodyWords...].contains { $0 != 0 } ? 2 : row[..<bodyWords].contains { $0 != 0 } ? 1 : 0
      for body in 0..<bodies {
        recording.appendBody(
          id: UInt64(body), joints: Array(row[(body * bodyWords)..<((body + 1) * bodyWords)]))
      }
      recording.endFrame()
    }
    if recording.frameCount == 0 { throw SkeletonTextError(.empty, at: 0) }
    return recording
  }

  /// Reads 150 numbers and the end of their line.
  private static func readRow(
    in text: Span<UInt8>, at position: inout Int, into row: inout [Double]
  ) throws(SkeletonTextError) {
    for word in 0..<rowWords {
      TextRows.skipBlanks(in: text, at: &position)
      let start = position
      if start == text.count { throw SkeletonTextError(.truncated, at: start) }
      if text[start] == TextRows.newline {
        throw SkeletonTextError(.wordCount(found: word, expected: rowWords), at: start)
      }
      switch DecimalScanner.number(in: text, at: &position) {
      case .finite(let value) where position == text.count || TextRows.endsWord(text[position]):
        row[word] = value
      case .notFinite, .outOfRange:
        guard position == text.count || TextRows.endsWord(text[position]) else {
          throw TextRows.unexpected(in: text, at: start, expected: "a coordinate")
        }
        row[word] = .nan
      default: throw TextRows.unexpected(in: text, at: start, expected: "a coordinate")
      }
    }
    TextRows.skipBlanks(in: text, at: &position)
    if position < text.count, text[position] != TextRows.newline {
      throw TextRows.surplus(in: text, at: position, wordsRead: rowWords)
    }
  }
}
