import Foundation
import Skeleton

extension RecipeSettings {
  /// A recipe file, or the defaults where there is none, with what the command line changes.
  ///
  /// - Throws: `InputError` as for reading a recipe and for ``apply(_:)``.
  public init(_ file: URL?, changing overrides: [String]) throws {
    self.init()
    if let file {
      try read(contentsOf: file, changing: overrides)
    } else {
      try apply(overrides)
      try checkConsistency(in: "--set")
    }
  }

  /// The settings that are not at their defaults, as `key: value`.
  public var changes: [String] {
    let defaults = Self()
    return Self.settings.filter { $0.text(self) != $0.text(defaults) }.map { "\($0.key): \($0.text(self))" }
  }

  /// Whether all settings that change results are those of another recipe.
  public func computesTheSame(as other: Self) -> Bool {
    Self.settings.allSatisfy { !$0.affectsResults || $0.text(self) == $0.text(other) }
  }

  /// The settings that are not at their defaults, as JSON.
  var jsonOfChanges: [String: SchemaValue] {
    let defaults = Self()
    return Dictionary(
      uniqueKeysWithValues: Self.settings.filter { $0.text(self) != $0.text(defaults) }.map {
        ($0.key, $0.json(self))
      })
  }

  /// Changes settings as the command line gives them: `optimizer.rate=0.01`, `splits=[xsub, xview]`.
  ///
  /// Whether the settings fit together is for the caller to check when all are there.
  ///
  /// - Throws: `InputError` for what is no setting (with the nearest one that is), or not allowed there.
  public mutating func apply(_ overrides: [String]) throws {
    for override in overrides {
      let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw InputError("--set", found: override, expected: "key=value")
      }
      try change(parts[0], to: parts[1], RecipePlace(file: "--set", above: ""))
    }
  }

  /// Changes the setting of a key to what a text says.
  mutating func change(_ key: String, to text: String, _ place: RecipePlace) throws {
    guard let setting = Self.settings.first(where: { $0.key == key }) else {
      let above = Self.settings.first { key.hasPrefix($0.key + ".") && $0.nested?.change != nil }
      guard let above, let change = above.nested?.change else { throw Self.unknown(key, place, at: "") }
      return try change(String(key.dropFirst(above.key.count + 1)), text, &self, place)
    }
    let tree = (try? RecipeText.compose(text, file: place.file)) ?? nil
    if let nested = setting.nested, let tree {
      return try nested.read(tree, &self, place)
    }
    guard let value = tree.flatMap(RecipeValue.init) ?? (text.isEmpty ? .scalar("") : nil),
      setting.parse(value, &self)
    else {
      throw InputError(
        place.file, at: place.above + key, found: text, expected: setting.allowed,
        hint: text.hint(among: setting.words))
    }
  }
}
