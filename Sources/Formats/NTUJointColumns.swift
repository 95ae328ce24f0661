import Skeleton

/// The words of a joint's line that stand behind its coordinates.
///
/// A pass of its own over a text that ``NTUSkeletonText`` has read, so that whoever wants coordinates alone does not
/// pay for them.
public struct NTUJointColumns {
  /// Reads one column.
  ///
  /// - Parameter text: a text that ``NTUSkeletonText/parse(_:)`` accepts.
  /// - Returns: (bodies, V=25, width), bodies as in the recording. A number that is not finite, as orientations of
  ///   leaf joints sometimes are, is 0.
  /// - Throws: ``SkeletonTextError`` for a word that is not a number.
  public static func parse(_ column: JointColumn, of text: Span<UInt8>) throws(SkeletonTextError) -> [Float] {
    var values: [Float] = []
    var position = try TextStart.position(in: text)
    let frames = number(in: text, at: &position)
    for _ in 0..<frames {
      let bodies = number(in: text, at: &position)
      for _ in 0..<bodies {
        endLine(in: text, at: &position)
        endLine(in: text, at: &position)
        for _ in 0..<Kinect25.jointCount {
          skipWords(column.words.lowerBound, in: text, at: &position)
          for _ in column.words { values.append(try word(in: text, at: &position)) }
          endLine(in: text, at: &position)
        }
      }
    }
    return values
  }

  /// A line of one whole number.
  private static func number(in text: Span<UInt8>, at position: inout Int) -> UInt64 {
    skipBlanks(in: text, at: &position)
    let value = DecimalScanner.unsigned(in: text, at: &position) ?? 0
    endLine(in: text, at: &position)
    return value
  }

  private static func word(in text: Span<UInt8>, at position: inout Int) throws(SkeletonTextError) -> Float {
    skipBlanks(in: text, at: &position)
    let start = position
    let value: Float
    switch DecimalScanner.number(in: text, at: &position) {
    case .finite(let number): value = Float(number)
    case .notFinite, .outOfRange: value = 0
    case .malformed: throw SkeletonTextError(.badToken(expected: "a number"), at: start)
    }
    guard position == text.count || text[position] <= 0x20 else {
      throw SkeletonTextError(.badToken(expected: "a number"), at: start)
    }
    return value.isFinite ? value : 0
  }

  private static func skipWords(_ count: Int, in text: Span<UInt8>, at position: inout Int) {
    for _ in 0..<count {
      skipBlanks(in: text, at: &position)
      while position < text.count, text[position] > 0x20 { position += 1 }
    }
  }

  /// Space, tab, and the carriage return of CRLF.
  private static func skipBlanks(in text: Span<UInt8>, at position: inout Int) {
    while position < text.count, text[position] <= 0x20, text[position] != 0x0a { position += 1 }
  }

  private static func endLine(in text: Span<UInt8>, at position: inout Int) {
    while position < text.count, text[position] != 0x0a { position += 1 }
    if position < text.count { position += 1 }
  }
}
