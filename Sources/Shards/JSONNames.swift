import Foundation

/// The names in the objects of a JSON text, looked at without anything being made of the values.
enum JSONNames {
  /// Deepest nesting that is followed; the reader refuses less.
  private static let deepest = 1000

  /// The first name that stands twice in an object; nil if none does.
  ///
  /// It is one pass over the bytes. A text that is no JSON is left to the reader, which refuses it.
  static func repeated(in data: Data) -> String? {
    let bytes = [UInt8](data)
    // Whatever is open, from the outside in; a list has no names.
    var open: [(isObject: Bool, names: Set<String>)] = []
    var isName = false
    var at = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "{"):
        open.append((true, []))
        isName = true
      case UInt8(ascii: "["):
        open.append((false, []))
        isName = false
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if open.popLast() == nil { return nil }
        isName = false
      case UInt8(ascii: ","):
        isName = open.last?.isObject == true
      case UInt8(ascii: "\""):
        let start = at
        guard let end = endOfText(bytes, from: at + 1) else { return nil }
        at = end
        guard isName else { break }
        isName = false
        guard let name = text(bytes[start...end]) else { return nil }
        if !open[open.count - 1].names.insert(name).inserted { return name }
      default: break
      }
      if open.count > deepest { return nil }
      at += 1
    }
    return nil
  }

  /// Where the quotes of a text close that has begun before `start`.
  private static func endOfText(_ bytes: [UInt8], from start: Int) -> Int? {
    var at = start
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\"") { return at }
      at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// What a text in quotes says.
  private static func text(_ quoted: ArraySlice<UInt8>) -> String? {
    guard quoted.contains(UInt8(ascii: "\\")) else {
      return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
    }
    return try? JSONDecoder().decode(String.self, from: Data(quoted))
  }
}
