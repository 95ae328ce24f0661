import Foundation
import Skeleton

extension RecipeSettings {
  /// Reads a recipe file over the defaults.
  ///
  /// - Throws: an `InputError` with line and column for a file that is no YAML, a key that is not a setting (with
  ///   the nearest one that is), a value that is not allowed, an alias, or settings that do not fit together.
  public init(contentsOf url: URL) throws {
    self.init()
    try read(contentsOf: url, changing: [])
  }

  /// Reads a recipe file over the settings, and over it what the command line changes, before it is checked whether
  /// the settings fit together.
  ///
  /// - Parameter overrides: `key=value`, as ``apply(_:)`` takes them.
  public mutating func read(contentsOf url: URL, changing overrides: [String]) throws {
    let name = url.lastPathComponent
    if let root = try RecipeText.compose(RecipeText.read(url), file: name) {
      try read(root, below: "", file: name)
    }
    try apply(overrides)
    try checkConsistency(in: name)
  }

  /// Reads a recipe's text over the defaults; `file` is the name that messages give it.
  public init(yaml: String, file: String) throws {
    self.init()
    if let root = try RecipeText.compose(yaml, file: file) { try read(root, below: "", file: file) }
    try checkConsistency(in: file)
  }

  mutating func read(_ tree: RecipeTree, below path: String, file: String) throws {
    guard case .mapping(let pairs) = tree.content else {
      throw InputError(
        file, at: tree.place, found: "\(path.isEmpty ? "the recipe" : path) is no mapping",
        expected: "key: value lines")
    }
    for (key, value) in pairs {
      let name = key.string ?? "?"
      let full = path.isEmpty ? name : "\(path).\(name)"
      if full == "kind" {
        guard value.string == Self.kind else {
          throw InputError(
            file, at: value.place, found: "a \(value.string ?? "?") recipe", expected: "a \(Self.kind) recipe"
          )
        }
        continue
      }
      if let setting = Self.settings.first(where: { $0.key == full }) {
        if let nested = setting.nested {
          try nested.read(value, &self, file)
          continue
        }
        guard let given = RecipeValue(value), setting.parse(given, &self) else {
          throw InputError(
            file, at: value.place, found: "\(full): \(RecipeValue(value)?.text ?? "a mapping")",
            expected: setting.allowed)
        }
      } else if Self.settings.contains(where: { $0.key.hasPrefix(full + ".") }) {
        try read(value, below: full, file: file)
      } else {
        throw InputError(
          file, at: key.place, found: "unknown setting \(full)",
          hint: Self.nearest(to: full).map { "did you mean \($0)?" } ?? "")
      }
    }
  }

  /// The setting whose key needs the fewest changed letters, when that is few enough to be a slip.
  static func nearest(to key: String) -> String? {
    let ranked = settings.map { (key: $0.key, distance: editDistance($0.key, key)) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= max(2, key.count / 3)
    else { return nil }
    return best.key
  }

  /// Levenshtein's distance.
  private static func editDistance(_ left: String, _ right: String) -> Int {
    let columns = Array(right)
    var row = Array(0...columns.count)
    for (i, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for j in columns.indices {
        let substituted = diagonal + (letter == columns[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[columns.count]
  }
}

/// What a recipe file says it is.
public enum RecipeKind {
  /// The `kind` of a recipe file, or nil if it does not say.
  public static func named(in url: URL) -> String? {
    guard let text = try? RecipeText.read(url),
      let tree = (try? RecipeText.compose(text, file: url.lastPathComponent)) ?? nil,
      case .mapping(let pairs) = tree.content
    else { return nil }
    return pairs.first { $0.key.string == "kind" }?.value.string
  }
}

extension RecipeValue {
  /// The value of a piece of YAML; nil for a mapping or a nested list.
  init?(_ tree: RecipeTree) {
    switch tree.content {
    case .scalar(let text): self = .scalar(text)
    case .list(let items):
      let texts = items.compactMap(\.string)
      guard texts.count == items.count else { return nil }
      self = .list(texts)
    default: return nil
    }
  }

  var text: String {
    switch self {
    case .scalar(let text): text
    case .list(let texts): "[" + texts.joined(separator: ", ") + "]"
    }
  }
}
