import Foundation
import Skeleton
import Yams

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

  private mutating func read(_ node: Node, below path: String, file: String) throws {
    guard case .mapping(let mapping) = node else {
      throw InputError(
        file, at: place(of: node), found: "\(path.isEmpty ? "the recipe" : path) is no mapping",
        expected: "key: value lines")
    }
    for (keyNode, value) in mapping {
      let key = keyNode.string ?? "?"
      let full = path.isEmpty ? key : "\(path).\(key)"
      if full == "kind" {
        guard value.string == Self.kind else {
          throw InputError(
            file, at: place(of: value), found: "a \(value.string ?? "?") recipe",
            expected: "a \(Self.kind) recipe")
        }
        continue
      }
      if let setting = Self.settings.first(where: { $0.key == full }) {
        guard let given = RecipeValue(value), setting.parse(given, &self) else {
          throw InputError(
            file, at: place(of: value), found: "\(full): \(RecipeValue(value)?.text ?? "a mapping")",
            expected: setting.allowed)
        }
      } else if Self.settings.contains(where: { $0.key.hasPrefix(full + ".") }) {
        try read(value, below: full, file: file)
      } else {
        throw InputError(
          file, at: place(of: keyNode), found: "unknown setting \(full)",
          hint: Self.nearest(to: full).map { "did you mean \($0)?" } ?? "")
      }
    }
  }

  private func place(of node: Node) -> String {
    node.mark.map { "line \($0.line), column \($0.column)" } ?? ""
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
      let node = (try? RecipeText.compose(text, file: url.lastPathComponent)) ?? nil
    else { return nil }
    return node["kind"]?.string
  }
}

extension RecipeValue {
  /// The value of a YAML node; nil for a mapping or a nested list.
  init?(_ node: Node) {
    switch node {
    case .scalar(let scalar): self = .scalar(scalar.string)
    case .sequence(let sequence):
      let texts = sequence.compactMap(\.scalar?.string)
      guard texts.count == sequence.count else { return nil }
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
