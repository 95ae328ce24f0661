import Skeleton

extension RecipePart {
  /// The piece that command lines spell as `key=value`, such as `optimizer.rate=0.001`.
  ///
  /// - Throws: an `InputError` for what is no `key=value`, or values that are no YAML. Whether there are such settings is found
  ///   out when the piece is read over some.
  public init(changing overrides: [String]) throws {
    let pairs = try overrides.map { override in
      let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw InputError("--set", found: override, expected: "key=value")
      }
      return (path: parts[0].split(separator: ".").map(String.init), value: String(parts[1]))
    }
    guard let tree = try RecipeText.compose(Self.flow(pairs), file: "--set"), !overrides.isEmpty else {
      self.init()
      return
    }
    self.init(tree, file: "--set")
  }

  /// Dotted keys and their values as one mapping of YAML; a key that comes twice has its last value.
  private static func flow(_ pairs: [(path: [String], value: String)]) -> String {
    var keys: [String] = []
    for (path, _) in pairs where !keys.contains(path[0]) { keys.append(path[0]) }
    let entries = keys.map { key -> String in
      let own = pairs.filter { $0.path[0] == key }
      let below = own.filter { $0.path.count > 1 }.map { (path: Array($0.path.dropFirst()), value: $0.value) }
      return "\(key): \(below.isEmpty ? own[own.count - 1].value : flow(below))"
    }
    return "{" + entries.joined(separator: ", ") + "}"
  }
}
