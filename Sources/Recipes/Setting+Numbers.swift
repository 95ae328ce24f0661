/// Settings that are lists of numbers.
extension Setting {
  /// Numbers in any order, such as the weights of an ensemble.
  public static func numbers(
    _ key: String, _ path: any WritableKeyPath<Root, [Float]> & Sendable, _ range: ClosedRange<Float>,
    _ meaning: String
  ) -> Setting {
    Setting(
      key: key, meaning: meaning, allowed: "a list [a, b, …] of numbers in \(range)",
      schema: [
        "type": .text("array"),
        "items": .object([
          "type": .text("number"), "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
        ]),
      ],
      parse: { value, root in
        guard case .list(let texts) = value else { return false }
        let numbers = texts.compactMap { Float($0) }
        guard numbers.count == texts.count, numbers.allSatisfy(range.contains) else { return false }
        root[keyPath: path] = numbers
        return true
      },
      text: { "[" + $0[keyPath: path].map { "\($0)" }.joined(separator: ", ") + "]" },
      json: { .list($0[keyPath: path].map(SchemaValue.number)) })
  }
}
