extension RecipeSettings {
  /// The recipe as YAML with every setting, in order, each with its meaning; reading it gives the same recipe.
  public var yaml: String {
    (["# \(Self.summary)", "kind: \(Self.kind)"] + lines).joined(separator: "\n") + "\n"
  }

  /// Every setting as lines of YAML.
  var lines: [String] {
    var lines: [String] = []
    var open: [String] = []
    for setting in Self.settings {
      let path = setting.key.split(separator: ".").map(String.init)
      let groups = Array(path.dropLast())
      if groups != open {
        let common = zip(groups, open).prefix { $0 == $1 }.count
        for depth in common..<groups.count { lines.append(indent(depth) + "\(groups[depth]):") }
        open = groups
      }
      if let below = setting.nested?.lines?(self), !below.isEmpty {
        lines.append(indent(groups.count) + "\(path[path.count - 1]):  # \(setting.meaning)")
        lines += below.map { indent(groups.count + 1) + $0 }
        continue
      }
      let line = indent(groups.count) + "\(path[path.count - 1]): \(setting.text(self))"
      lines.append(line + "  # \(setting.meaning)")
    }
    return lines
  }

  /// The JSON Schema (draft 2020-12) of the recipe's files.
  public static var schema: String {
    var root = objectSchema
    if case .object(var properties)? = root["properties"] {
      properties["kind"] = .object(["const": .text(kind)])
      root["properties"] = .object(properties)
    }
    root["$schema"] = .text("https://json-schema.org/draft/2020-12/schema")
    root["title"] = .text("\(kind) recipe")
    root["description"] = .text(summary)
    return SchemaValue.object(root).text(indentedBy: 0) + "\n"
  }

  /// The schema of the settings alone.
  static var objectSchema: [String: SchemaValue] {
    let defaults = Self()
    return objectSchema(
      settings.map { setting in
        var schema = setting.schema
        schema["description"] = .text(setting.meaning)
        schema["default"] = setting.json(defaults)
        return (setting.key, SchemaValue.object(schema))
      })
  }

  /// A table of the settings for `--help`: key, default, allowed values, meaning.
  public static var help: String { help(below: "").joined(separator: "\n") }

  /// The settings for `--help`, with what stands in front of their keys.
  static func help(below above: String) -> [String] {
    let defaults = Self()
    return settings.flatMap { setting in
      let own =
        "  \(above)\(setting.key): \(setting.text(defaults))\n      \(setting.meaning); \(setting.allowed)"
      return [own] + (setting.nested?.help?(above + setting.key) ?? [])
    }
  }

  private func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

  private static func objectSchema(_ leaves: [(String, SchemaValue)]) -> [String: SchemaValue] {
    var properties: [String: SchemaValue] = [:]
    for (name, below) in grouped(leaves) {
      if below.count == 1, below[0].0.isEmpty {
        properties[name] = below[0].1
      } else {
        properties[name] = .object(objectSchema(below))
      }
    }
    return [
      "type": .text("object"), "additionalProperties": .flag(false), "properties": .object(properties),
    ]
  }

  /// The leaves by the first part of their keys, each with the rest of its key.
  private static func grouped(_ leaves: [(String, SchemaValue)]) -> [String: [(String, SchemaValue)]] {
    Dictionary(
      grouping: leaves.map { key, value in
        let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
        return (parts[0], parts.count > 1 ? parts[1] : "", value)
      }, by: \.0
    ).mapValues { $0.map { ($0.1, $0.2) } }
  }
}

extension SchemaValue {
  /// The value as JSON with sorted keys: on one line, or indented from a depth on.
  func text(indentedBy depth: Int?) -> String {
    switch self {
    case .text(let text): return SchemaValue.quoted(text)
    case .integer(let number): return String(number)
    case .number(let number):
      return number == number.rounded() && abs(number) < 1e9 ? String(Int(number)) : String(number)
    case .flag(let flag): return String(flag)
    case .list(let values):
      return "[" + values.map { $0.text(indentedBy: nil) }.joined(separator: ", ") + "]"
    case .object(let object):
      let pairs = object.sorted { $0.key < $1.key }
      guard let depth else {
        return "{"
          + pairs.map { SchemaValue.quoted($0.key) + ": " + $0.value.text(indentedBy: nil) }
          .joined(separator: ", ") + "}"
      }
      let space = String(repeating: "  ", count: depth + 1)
      let lines = pairs.map {
        space + SchemaValue.quoted($0.key) + ": " + $0.value.text(indentedBy: depth + 1)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n" + String(repeating: "  ", count: depth) + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
