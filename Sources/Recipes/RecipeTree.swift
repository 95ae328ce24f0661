import Yams

/// A piece of YAML, with where everything in it stands.
public struct RecipeTree: Sendable {
  /// `line 3, column 9`, or empty where that is not known.
  public let place: String
  /// What is there.
  let content: Content

  /// What a piece of YAML can be.
  indirect enum Content: Sendable {
    case scalar(String)
    case list([RecipeTree])
    case mapping([(key: RecipeTree, value: RecipeTree)])
    /// A name for something elsewhere, which no setting can be.
    case alias
  }

  init(place: String, _ content: Content) { (self.place, self.content) = (place, content) }

  /// A word that no file has said.
  public init(_ text: String) { self.init(place: "", .scalar(text)) }

  init(_ node: Node) {
    place = node.mark.map { "line \($0.line), column \($0.column)" } ?? ""
    switch node {
    case .scalar(let scalar): content = .scalar(scalar.string)
    case .sequence(let sequence): content = .list(sequence.map(RecipeTree.init))
    case .mapping(let mapping):
      content = .mapping(mapping.map { (RecipeTree($0.key), RecipeTree($0.value)) })
    case .alias: content = .alias
    }
  }

  /// All that is not a mapping, in order, each with the keys above it: `encoder.hidden`.
  public var leaves: [(key: String, value: RecipeTree)] {
    guard case .mapping(let pairs) = content else { return [] }
    return pairs.flatMap { key, value -> [(key: String, value: RecipeTree)] in
      let name = key.string ?? "?"
      guard case .mapping = value.content else { return [(name, value)] }
      return value.leaves.map { ("\(name).\($0.key)", $0.value) }
    }
  }

  /// Mappings that have these leaves.
  public init(leaves: [(key: String, value: RecipeTree)]) {
    var order: [String] = []
    var below: [String: [(key: String, value: RecipeTree)]] = [:]
    for (key, value) in leaves {
      let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
      if below[parts[0]] == nil { order.append(parts[0]) }
      below[parts[0], default: []].append((parts.count > 1 ? parts[1] : "", value))
    }
    self.init(
      place: leaves.first?.value.place ?? "",
      .mapping(
        order.map { name in
          let own = below[name] ?? []
          let value = own.count == 1 && own[0].key.isEmpty ? own[0].value : RecipeTree(leaves: own)
          return (RecipeTree(name), value)
        }))
  }

  /// A list that no file has.
  public static func list(_ items: [RecipeTree]) -> RecipeTree { RecipeTree(place: "", .list(items)) }

  /// The scalar's text; nil for anything else.
  public var string: String? { if case .scalar(let text) = content { text } else { nil } }

  /// The piece as YAML on one line.
  public var text: String {
    switch content {
    case .mapping(let pairs):
      "{" + pairs.map { "\($0.key.text): \($0.value.text)" }.joined(separator: ", ") + "}"
    case .list(let items): "[" + items.map(\.text).joined(separator: ", ") + "]"
    case .scalar(let text):
      // A number or a word stands as it is; anything else is quoted.
      !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-+".contains($0)) }
        ? text : SchemaValue.text(text).text(indentedBy: nil)
    case .alias: "null"
    }
  }
}
