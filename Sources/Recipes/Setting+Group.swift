/// Settings of a part of a recipe that has a type of its own.
extension Setting {
  /// The settings of a part, below a key, or at the top for an empty one.
  public static func group<Part>(
    _ key: String, _ path: any WritableKeyPath<Root, Part> & Sendable, _ settings: [Setting<Part>]
  ) -> [Setting] {
    settings.map { setting in
      var own = Setting(
        key: key.isEmpty ? setting.key : "\(key).\(setting.key)", meaning: setting.meaning,
        allowed: setting.allowed, schema: setting.schema,
        parse: { (value: RecipeValue, root: inout Root) -> Bool in
          setting.parse(value, &root[keyPath: path])
        },
        text: { (root: Root) -> String in setting.text(root[keyPath: path]) },
        json: { (root: Root) -> SchemaValue in setting.json(root[keyPath: path]) })
      own.words = setting.words
      own.affectsResults = setting.affectsResults
      own.nested = setting.nested.map { nested(of: $0, path) }
      return own
    }
  }

  private static func nested<Part>(
    of part: Setting<Part>.Nested, _ path: any WritableKeyPath<Root, Part> & Sendable
  ) -> Nested {
    var own = Nested(
      read: { (tree: RecipeTree, root: inout Root, place: RecipePlace) in
        try part.read(tree, &root[keyPath: path], place)
      }, lines: nil)
    if let lines = part.lines { own.lines = { (root: Root) in lines(root[keyPath: path]) } }
    if let change = part.change {
      own.change = { (key: String, text: String, root: inout Root, place: RecipePlace) in
        try change(key, text, &root[keyPath: path], place)
      }
    }
    own.help = part.help
    return own
  }
}
