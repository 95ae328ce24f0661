/// Settings that are words of the user's own: paths and names.
extension Setting {
  /// Any text, such as a path; empty where there is none.
  public static func text(
    _ key: String, _ path: any WritableKeyPath<Root, String> & Sendable, _ meaning: String
  ) -> Setting {
    Setting(
      key: key, meaning: meaning, allowed: "a text", schema: ["type": .text("string")],
      parse: { value, root in
        guard case .scalar(let text) = value else { return false }
        root[keyPath: path] = text
        return true
      },
      text: { quoted($0[keyPath: path]) }, json: { .text($0[keyPath: path]) })
  }

  /// A list of texts, such as paths.
  public static func texts(
    _ key: String, _ path: any WritableKeyPath<Root, [String]> & Sendable, _ meaning: String
  ) -> Setting {
    Setting(
      key: key, meaning: meaning, allowed: "a list of texts",
      schema: ["type": .text("array"), "items": .object(["type": .text("string")])],
      parse: { value, root in
        guard case .list(let texts) = value else { return false }
        root[keyPath: path] = texts
        return true
      },
      text: { "[" + $0[keyPath: path].map(quoted).joined(separator: ", ") + "]" },
      json: { .list($0[keyPath: path].map(SchemaValue.text)) })
  }

  /// A list of a few words.
  public static func choices<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ path: any WritableKeyPath<Root, [Choice]> & Sendable, _ meaning: String
  ) -> Setting {
    let words = Choice.allCases.map(\.rawValue)
    return Setting(
      key: key, meaning: meaning, allowed: "a list of " + words.joined(separator: ", "),
      schema: [
        "type": .text("array"), "items": .object(["enum": .list(words.map(SchemaValue.text))]),
      ],
      parse: { value, root in
        guard case .list(let texts) = value else { return false }
        let choices = texts.compactMap(Choice.init(rawValue:))
        guard choices.count == texts.count else { return false }
        root[keyPath: path] = choices
        return true
      },
      text: { "[" + $0[keyPath: path].map(\.rawValue).joined(separator: ", ") + "]" },
      json: { .list($0[keyPath: path].map { .text($0.rawValue) }) })
  }

  /// Quotes a text for YAML, in which most paths need none.
  private static func quoted(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    if plain && text.utf8.first.map({ $0 > UInt8(ascii: "9") || $0 == UInt8(ascii: "/") }) == true
      && !["true", "false", "null", "yes", "no", "on", "off"].contains(text.lowercased())
    {
      return text
    }
    return SchemaValue.text(text).text(indentedBy: nil)
  }
}
