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
      try read(Self.modern(root), RecipePlace(file: name, above: ""))
    }
    try apply(overrides)
    try checkConsistency(in: name)
  }

  /// Reads a recipe's text over the defaults; `file` is the name that messages give it.
  public init(yaml: String, file: String) throws {
    self.init()
    if let root = try RecipeText.compose(yaml, file: file) {
      try read(Self.modern(root), RecipePlace(file: file, above: ""))
    }
    try checkConsistency(in: file)
  }

  /// Reads a mapping over the settings.
  ///
  /// - Parameter path: the keys within these settings that the mapping is below.
  mutating func read(_ tree: RecipeTree, below path: String = "", _ place: RecipePlace) throws {
    let file = place.file
    guard case .mapping(let pairs) = tree.content else {
      let name = (place.above + path).trimmingSuffix(".")
      throw InputError(
        file, at: tree.place, found: "\(name.isEmpty ? "the recipe" : name) is no mapping",
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
          try nested.read(value, &self, place)
          continue
        }
        guard let given = RecipeValue(value), setting.parse(given, &self) else {
          throw InputError(
            file, at: value.place, found: "\(place.above)\(full): \(RecipeValue(value)?.text ?? "a mapping")",
            expected: setting.allowed,
            hint: value.string?.hint(among: setting.words) ?? "")
        }
      } else if Self.settings.contains(where: { $0.key.hasPrefix(full + ".") }) {
        try read(value, below: full, place)
      } else {
        throw Self.unknown(full, place, at: key.place)
      }
    }
  }

  /// What is said of a key that is no setting.
  static func unknown(_ key: String, _ place: RecipePlace, at line: String) -> InputError {
    let hint =
      moved(key).map { "it is \($0) now" }
      ?? key.nearest(among: settings.map(\.key)).map { "did you mean \(place.above)\($0)?" } ?? ""
    return InputError(place.file, at: line, found: "unknown setting \(place.above)\(key)", hint: hint)
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

extension String {
  /// The text without an ending, where it has it.
  func trimmingSuffix(_ end: String) -> String { hasSuffix(end) ? String(dropLast(end.count)) : self }
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
