import Foundation
import Skeleton

extension RecipeSettings {
  /// A recipe file, or the defaults where there is none, with what the command line changes.
  ///
  /// - Throws: ``InputError`` as for reading a recipe and for ``apply(_:)``.
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
  /// - Throws: ``InputError`` for what is no setting (with the nearest one that is), or not allowed there.
  public mutating func apply(_ overrides: [String]) throws {
    for override in overrides {
      let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw InputError("--set", found: override, expected: "key=value")
      }
      guard let setting = Self.settings.first(where: { $0.key == parts[0] }) else {
        throw InputError(
          "--set", found: "unknown setting \(parts[0])",
          hint: Self.nearest(to: parts[0]).map { "did you mean \($0)?" } ?? "")
      }
      let tree = (try? RecipeText.compose(parts[1], file: "--set")) ?? nil
      if let nested = setting.nested, let tree {
        try nested.read(tree, &self, "--set \(parts[0])")
        continue
      }
      guard let value = tree.flatMap(RecipeValue.init) ?? (parts[1].isEmpty ? .scalar("") : nil),
        setting.parse(value, &self)
      else {
        throw InputError("--set", at: parts[0], found: parts[1], expected: setting.allowed)
      }
    }
  }
}
