import Skeleton

/// Lists of members of a family: `tasks: [rotation, {kind: jigsaw, segments: 4}]`.
extension Setting {
  /// Any number of members, each by its name alone, or as a mapping with `kind` and the member's settings.
  public static func variants<Family>(
    _ key: String, _ path: any WritableKeyPath<Root, [Variant<Family>]> & Sendable, _ meaning: String
  ) -> Setting {
    let kinds = Family.members.map { $0.kind }
    let names = kinds.joined(separator: ", ")
    var setting = Setting(
      key: key, meaning: meaning, allowed: "a list of \(names), or of mappings with kind",
      schema: [
        "type": .text("array"),
        "items": .object([
          "oneOf": .list(
            [.object(["enum": .list(kinds.map(SchemaValue.text))])] + memberSchemas(Family.self))
        ]),
      ],
      parse: { _, _ in false },
      text: { "[" + $0[keyPath: path].map(\.text).joined(separator: ", ") + "]" },
      json: { root in
        .list(
          root[keyPath: path].map {
            .object($0.settings.jsonOfChanges.merging(["kind": .text($0.kind)]) { $1 })
          })
      })
    setting.nested = Nested(
      read: { tree, root, place in
        guard case .list(let entries) = tree.content else {
          throw InputError(
            place.file, at: tree.place, found: "\(key) is no list", expected: "a list of \(names)")
        }
        root[keyPath: path] = try entries.map { entry in
          if case .mapping(let pairs) = entry.content, !pairs.contains(where: { $0.key.string == "kind" }) {
            throw InputError(
              place.file, at: entry.place, found: "\(key) with an entry without kind",
              expected: "one of \(names)")
          }
          var member = Variant<Family>()
          try member.read(entry, place.below(key))
          try member.settings.checkConsistency(in: "\(place.file): \(entry.place)")
          return member
        }
      },
      lines: nil)
    setting.nested?.help = { key in
      Family.members.flatMap { member in
        ["  \(key): \(member.kind)\n      \(member.summary)"] + member.help(below: "\(key): \(member.kind).")
      }
    }
    return setting
  }
}
