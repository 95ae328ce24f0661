/// The name of an archive's member or of a file in a folder, made fit to be shown, and judged.
struct MemberName: Equatable {
  /// The name with `.` and doubled slashes left out; bytes that are no text are shown as U+FFFD.
  let text: String
  /// Whether it is a folder's: it ends in a slash.
  let isFolder: Bool
  /// What is wrong with it.
  let fault: InputListing.Fault?

  init(_ bytes: some Collection<UInt8>) {
    isFolder = bytes.reversed().first == slash
    let isPlain = bytes.allSatisfy { (0x20..<0x7f).contains($0) }
    var whole = String(decoding: bytes, as: UTF8.self)
    var isText = isPlain
    if !isPlain {
      isText = whole.utf8.elementsEqual(bytes)
      let shown = whole.unicodeScalars.map { MemberName.isControl($0) ? "\u{fffd}" : $0 }
      if !shown.elementsEqual(whole.unicodeScalars) {
        isText = false
        whole = String(String.UnicodeScalarView(shown))
      }
    }
    let parts = whole.split(separator: "/").filter { $0 != "." }
    text = parts.joined(separator: "/")
    if !isText || text.isEmpty && !isFolder {
      fault = .init(.badName, "its name is empty, not UTF-8, or has control characters")
    } else if bytes.contains(UInt8(ascii: "\\")) {
      fault = .init(
        .unsafePath,
        "its name \(whole) has a backslash, which parts folders on Windows and could lead anywhere there")
    } else if bytes.first == slash || parts.contains("..") || bytes.dropFirst().first == UInt8(ascii: ":") {
      fault = .init(.unsafePath, "its name \(whole) leads out of the archive, or would on another system")
    } else {
      fault = nil
    }
  }

  private let slash = UInt8(ascii: "/")

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
