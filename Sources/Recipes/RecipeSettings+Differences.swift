import Foundation

extension RecipeSettings {
  /// The settings that change results and are other ones in another recipe, each as `key: there, here`.
  ///
  /// Of a setting that has settings of its own, such as a method, only those that differ are named.
  public func differences(from other: Self) -> [String] {
    Self.settings.filter { $0.affectsResults && $0.text(self) != $0.text(other) }.flatMap { setting in
      let (here, there) = (setting.entries(of: self), setting.entries(of: other))
      let values = (here: here.values, there: there.values)
      let keys = there.keys + here.keys.filter { values.there[$0] == nil }
      return keys.filter { values.here[$0] != values.there[$0] }.map { key in
        "\(key): \(values.there[key] ?? "not set") there, \(values.here[key] ?? "not set") here"
      }
    }
  }
}

extension Setting {
  /// A setting's lines of YAML as dotted keys and their values, in their order.
  fileprivate func entries(of root: Root) -> (keys: [String], values: [String: String]) {
    guard let lines = nested?.lines?(root), !lines.isEmpty else { return ([key], [key: text(root)]) }
    var keys: [String] = []
    var values: [String: String] = [:]
    var above: [(indent: Int, name: String)] = []
    for line in lines {
      let indent = line.prefix { $0 == " " }.count
      let body = line.dropFirst(indent)
      let name = String(body.prefix { $0 != ":" })
      let rest = body.dropFirst(name.count + 1)
      let value = (rest.range(of: "  # ").map { rest[..<$0.lowerBound] } ?? rest)
        .trimmingCharacters(in: .whitespaces)
      above.removeAll { $0.indent >= indent }
      let path = ([key] + above.map(\.name) + [name]).joined(separator: ".")
      if value.isEmpty {
        above.append((indent, name))
      } else {
        keys.append(path)
        values[path] = value
      }
    }
    return (keys, values)
  }
}
