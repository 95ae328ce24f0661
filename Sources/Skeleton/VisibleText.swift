extension String {
  /// The text as it may be shown: what moves a cursor, colours, hides or turns round what stands beside it is written
  /// out, `\u{1B}`. Line breaks and tabs stay.
  ///
  /// Names of files and classes, and texts in files, are other people's. On a terminal they could erase what is above
  /// them, in a page or a table show the reverse of what they are.
  public var visible: String {
    guard unicodeScalars.contains(where: { $0.isUnseen && $0 != "\n" && $0 != "\t" }) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.isUnseen && scalar != "\n" && scalar != "\t" {
        text += scalar.writtenOut
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  /// The same on one line: line breaks and tabs are written out too.
  public var visibleLine: String {
    visible.unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.isUnseen { text += scalar.writtenOut } else { text.unicodeScalars.append(scalar) }
    }
  }
}

extension Unicode.Scalar {
  /// Whether it is a control character, or changes the direction or the lines of the text around it.
  fileprivate var isUnseen: Bool {
    switch value {
    case 0..<0x20, 0x7f..<0xa0: true  // control characters, C0 and C1
    case 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: true  // directions
    case 0x2028, 0x2029: true  // separators of lines and paragraphs
    case 0xfeff, 0xfff9...0xfffb, 0xe0000...0xe007f: true  // byte order mark, annotations, tags
    default: false
    }
  }

  /// `\u{1B}`.
  fileprivate var writtenOut: String { "\\u{\(String(value, radix: 16, uppercase: true))}" }
}
