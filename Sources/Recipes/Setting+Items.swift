import Skeleton

/// Lists of mappings: `checkpoints: [{name: a, run: runs/a}, …]`, each with settings of its own.
extension Setting {
  /// A list of entries, each a mapping that has the settings of `Item`.
  public static func items<Item: RecipeSettings>(
    _ key: String, _ path: any WritableKeyPath<Root, [Item]> & Sendable, _ meaning: String
  ) -> Setting {
    let keys = Item.settings.map(\.key).joined(separator: ", ")
    var setting = Setting(
      key: key, meaning: meaning, allowed: "a list of entries with \(keys)",
      schema: ["type": .text("array"), "items": .object(Item.objectSchema)],
      parse: { _, _ in false },
      text: { root in
        "[" + root[keyPath: path].map { "{\($0.changes.joined(separator: ", "))}" }.joined(separator: ", ")
          + "]"
      },
      json: { root in .list(root[keyPath: path].map { .object($0.jsonOfChanges) }) })
    setting.nested = Nested(
      read: { tree, root, place in
        let file = place.file
        guard case .list(let entries) = tree.content else {
          throw InputError(
            file, at: tree.place, found: "\(key) is no list", expected: "a list of entries with \(keys)")
        }
        root[keyPath: path] = try entries.map { entry in
          guard case .mapping = entry.content else {
            throw InputError(
              file, at: entry.place, found: "\(key) with an entry that is no mapping",
              expected: "a list of entries with \(keys)")
          }
          var item = Item()
          try item.read(entry, place)
          try item.checkConsistency(in: "\(file): \(entry.place)")
          return item
        }
      },
      lines: { root in
        root[keyPath: path].flatMap { item in
          let lines = item.changes
          return lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
        }
      })
    return setting
  }

  /// A mapping whose settings belong to a recipe of another kind, which only its user knows.
  public static func part(
    _ key: String, _ path: any WritableKeyPath<Root, RecipePart> & Sendable, _ meaning: String
  ) -> Setting {
    var setting = Setting(
      key: key, meaning: meaning, allowed: "a mapping of settings", schema: ["type": .text("object")],
      parse: { _, _ in false }, text: { $0[keyPath: path].text }, json: { _ in .object([:]) })
    setting.nested = Nested(
      read: { tree, root, place in
        guard case .mapping = tree.content else {
          throw InputError(
            place.file, at: tree.place, found: "\(key) is no mapping", expected: "key: value lines")
        }
        root[keyPath: path] = RecipePart(tree, file: place.file)
      },
      lines: nil)
    return setting
  }
}

/// A piece of a recipe that is kept as it stands, until somebody knows what kind of settings it has.
public struct RecipePart: Sendable, Equatable {
  private let tree: RecipeTree?
  private let file: String

  /// Nothing.
  public init() { (tree, file) = (nil, "") }

  init(_ tree: RecipeTree, file: String) { (self.tree, self.file) = (tree, file) }

  /// Reads the piece over settings; what is wrong is told with line and column in the file that the piece is from.
  ///
  /// - Throws: an `InputError`, as for reading a recipe.
  public func read<Settings: RecipeSettings>(over settings: inout Settings) throws {
    guard let tree else { return }
    try settings.read(tree, RecipePlace(file: file, above: ""))
    try settings.checkConsistency(in: "\(file): \(tree.place)")
  }

  /// The piece as YAML on one line.
  public var text: String { tree?.text ?? "{}" }

  /// Two pieces that say the same are equal, wherever they are from.
  public static func == (left: RecipePart, right: RecipePart) -> Bool { left.text == right.text }
}
