/// What may stand before the first word of a text.
enum TextStart {
  private static let utf8Mark: [UInt8] = [0xef, 0xbb, 0xbf]

  /// Where the text begins: at its first byte, or behind the byte order mark of UTF-8 that some editors leave.
  ///
  /// - Throws: `utf16` for a text that starts with the mark of UTF-16, every second byte of which would be NUL.
  static func position(in text: Span<UInt8>) throws(SkeletonTextError) -> Int {
    guard text.count >= 2, text[0] >= 0xef else { return 0 }
    if text[0] == 0xff && text[1] == 0xfe || text[0] == 0xfe && text[1] == 0xff {
      throw SkeletonTextError(.utf16, at: 0)
    }
    guard text.count >= utf8Mark.count else { return 0 }
    for (index, byte) in utf8Mark.enumerated() where text[index] != byte { return 0 }
    return utf8Mark.count
  }
}
