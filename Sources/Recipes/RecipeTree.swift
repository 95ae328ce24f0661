import Yams

/// A piece of YAML, with where everything in it stands.
struct RecipeTree: Sendable {
  /// `line 3, column 9`, or empty where that is not known.
  let place: String
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

  /// The scalar's text; nil for anything else.
  var string: String? { if case .scalar(let text) = content { text } else { nil } }

  /// The piece as YAML on one line.
  var text: String {
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
