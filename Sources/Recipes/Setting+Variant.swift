import Skeleton

/// Kinds of settings of which a recipe holds one: encoders, methods.
public protocol SettingsFamily: Sendable {
  /// What a member is called in messages: `encoder`.
  static var name: String { get }
  /// All members; the first is the default.
  static var members: [any RecipeSettings.Type] { get }
}

/// The settings of one member of a family.
public struct Variant<Family: SettingsFamily>: Sendable, Equatable {
  /// The member's settings.
  public var settings: any RecipeSettings

  /// The first member at its defaults.
  public init() { settings = Family.members[0].init() }

  /// A member's settings.
  public init(_ settings: any RecipeSettings) { self.settings = settings }

  /// The member's name.
  public var kind: String { type(of: settings).kind }

  /// The settings as those of a member, if it is that one.
  public subscript<Settings: RecipeSettings>(as member: Settings.Type) -> Settings? {
    get { settings as? Settings }
    set { if let newValue { settings = newValue } }
  }

  /// Two are equal that are settings of one member, and alike.
  public static func == (left: Variant, right: Variant) -> Bool { left.settings.isEqual(to: right.settings) }

  /// Makes it another member, at its defaults; the same stays as it is.
  fileprivate mutating func choose(_ kind: String, _ place: RecipePlace, at line: String) throws {
    guard kind != self.kind else { return }
    guard let member = Family.members.first(where: { $0.kind == kind }) else {
      let kinds = Family.members.map { $0.kind }
      throw InputError(
        place.file, at: line, found: "\(place.above.trimmingSuffix(".")) of kind \(kind)",
        expected: "one of " + kinds.joined(separator: ", "),
        hint: kind.hint(among: kinds))
    }
    settings = member.init()
  }

  mutating func read(_ tree: RecipeTree, _ place: RecipePlace) throws {
    if let kind = tree.string { return try choose(kind, place, at: tree.place) }
    guard case .mapping(let pairs) = tree.content else {
      throw InputError(
        place.file, at: tree.place, found: "\(place.above.trimmingSuffix(".")): a list",
        expected: "the \(Family.name)'s name, or a mapping with its kind")
    }
    if let kind = pairs.first(where: { $0.key.string == "kind" })?.value {
      try choose(kind.string ?? kind.text, place, at: kind.place)
    }
    try settings.read(tree, place)
  }

  /// `{kind: gru, hidden: 64}`: the kind, and what is not at its default.
  public var text: String { "{" + (["kind: \(kind)"] + settings.changes).joined(separator: ", ") + "}" }
}

extension Setting {
  /// One member of a family: its name alone, or a mapping with `kind` and the member's settings.
  public static func variant<Family>(
    _ key: String, _ path: any WritableKeyPath<Root, Variant<Family>> & Sendable, _ meaning: String
  ) -> Setting {
    let kinds = Family.members.map { $0.kind }
    var setting = Setting(
      key: key, meaning: meaning, allowed: "one of \(kinds.joined(separator: ", ")), or a mapping with kind",
      schema: [
        "oneOf": .list([.object(["enum": .list(kinds.map(SchemaValue.text))])] + memberSchemas(Family.self))
      ],
      parse: { _, _ in false }, text: { $0[keyPath: path].text },
      json: { root in
        let variant = root[keyPath: path]
        return .object(variant.settings.jsonOfChanges.merging(["kind": .text(variant.kind)]) { $1 })
      })
    setting.nested = Nested(
      read: { tree, root, place in try root[keyPath: path].read(tree, place.below(key)) },
      lines: { root in ["kind: \(root[keyPath: path].kind)"] + root[keyPath: path].settings.lines },
      change: { rest, text, root, place in
        if rest == "kind" { return try root[keyPath: path].choose(text, place.below(key), at: "") }
        try root[keyPath: path].settings.change(rest, to: text, place.below(key))
      },
      help: { key in
        Family.members.flatMap { member in
          ["  \(key).kind: \(member.kind)\n      \(member.summary)"] + member.help(below: "\(key).")
        }
      })
    return setting
  }

  /// The schema of each member, as a mapping.
  static func memberSchemas<Family: SettingsFamily>(_ family: Family.Type) -> [SchemaValue] {
    Family.members.enumerated().map { index, member in
      var schema = member.objectSchema
      if case .object(var properties)? = schema["properties"] {
        properties["kind"] = .object(["const": .text(member.kind)])
        schema["properties"] = .object(properties)
      }
      schema["description"] = .text(member.summary)
      // Without a kind it is the first.
      if index > 0 { schema["required"] = .list([.text("kind")]) }
      return .object(schema)
    }
  }
}

extension RecipeSettings {
  /// Whether they are of this kind, and alike.
  func isEqual(to other: any RecipeSettings) -> Bool { (other as? Self) == self }
}
