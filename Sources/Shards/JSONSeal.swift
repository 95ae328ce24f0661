import Foundation

/// A digest at the end of a JSON text that covers all of it, so that a changed byte shows wherever it is.
///
/// It is the last entry of the outermost object: `"seal" : "64 digits"`, the SHA-256 of the whole text with zeros in
/// the place of the digits. It protects from accidents and from edits by hand, not from somebody who knows it.
public enum JSONSeal {
  /// What the seal of a text says.
  public enum State: Sendable, Equatable {
    /// The text is as it was written.
    case intact
    /// It was changed since.
    case broken
    /// There is no seal at the text's end.
    case absent
  }

  private static let head = Array(",\n\"seal\" : \"".utf8)
  private static let tail = Array("\"\n}\n".utf8)
  private static let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: 64)

  /// The text with its seal.
  ///
  /// - Parameter json: an object of at least one entry.
  public static func sealed(_ json: Data) -> Data {
    var text = json
    while let last = text.last, last == 0x20 || last == 0x0a { text.removeLast() }
    precondition(text.popLast() == UInt8(ascii: "}"), "only an object can be sealed")
    while let last = text.last, last == 0x20 || last == 0x0a { text.removeLast() }
    text += head
    let digest = SHA256Digest.hex(of: text + zeros + tail)
    return text + Data(digest.utf8) + tail
  }

  /// Whether the text is as it was when it was sealed.
  public static func state(of text: Data) -> State {
    let length = head.count + zeros.count + tail.count
    guard text.count > length else { return .absent }
    let start = text.endIndex - length
    let digits = start + head.count
    let end = digits + zeros.count
    guard text[start..<digits].elementsEqual(head), text[end...].elementsEqual(tail) else { return .absent }
    let digest = SHA256Digest.hex(of: text[..<digits] + zeros + tail)
    return text[digits..<end].elementsEqual(digest.utf8) ? .intact : .broken
  }
}
