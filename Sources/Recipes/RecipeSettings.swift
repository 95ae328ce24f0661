/// A group of settings that a YAML file can give: a plain struct with defaults, and the list of its settings.
///
/// The list is the one place where a setting's name, range and meaning stand. The reader, the resolved copy in a
/// run's folder, the JSON Schema and the help text are all made from it, so they cannot disagree.
public protocol RecipeSettings: Sendable, Equatable {
  /// Every setting at its default.
  init()
  /// The name of the recipe's kind, which is also its schema's: `pretrain`.
  static var kind: String { get }
  /// One sentence on what the recipe is for.
  static var summary: String { get }
  /// All settings, in the order in which they are written.
  static var settings: [Setting<Self>] { get }
  /// Checks what no single setting can: how settings fit together.
  ///
  /// - Throws: an `InputError` that names the settings.
  func checkConsistency(in file: String) throws
  /// A file that an earlier version wrote, in today's keys; any other as it is.
  static func modern(_ tree: RecipeTree) -> RecipeTree
  /// Where a setting of an earlier version is now; nil for one that never was.
  static func moved(_ key: String) -> String?
}

extension RecipeSettings {
  /// Nothing that no single setting can.
  public func checkConsistency(in file: String) throws {}

  /// Nothing has moved.
  public static func modern(_ tree: RecipeTree) -> RecipeTree { tree }

  /// Nothing has moved.
  public static func moved(_ key: String) -> String? { nil }
}

/// One setting of a recipe: its dotted key, its meaning, and how it is read, written and described.
public struct Setting<Root: Sendable>: Sendable {
  /// The key in the file, with a dot for each level: `encoder.hidden`.
  public let key: String
  /// What it means, with its unit.
  public let meaning: String
  /// What may stand there, in words: `a whole number in 1...8192`.
  public let allowed: String
  /// The JSON Schema of the value, without its default.
  let schema: [String: SchemaValue]
  /// Reads the value; nil when it is not allowed.
  let parse: @Sendable (RecipeValue, inout Root) -> Bool
  /// The value as YAML.
  public let text: @Sendable (Root) -> String
  /// The value as JSON.
  let json: @Sendable (Root) -> SchemaValue
  /// The words that may stand there, where there are only a few.
  var words: [String] = []
  /// Whether it has a say in what a run computes, rather than in how, or in what is kept of it.
  var affectsResults = true
  /// How a value with settings of its own is read and written; nil for a scalar or a list of them.
  var nested: Nested?

  /// A value that is more than a scalar or a list of them.
  struct Nested: Sendable {
    /// Reads the value.
    let read: @Sendable (RecipeTree, inout Root, RecipePlace) throws -> Void
    /// The value as lines of YAML below its key; nil where it stands beside the key.
    var lines: (@Sendable (Root) -> [String])?
    /// Changes a setting of the value by its key there; nil where only the whole can be given.
    var change: (@Sendable (_ key: String, _ text: String, inout Root, RecipePlace) throws -> Void)?
    /// The value's settings for `--help`, each with its place in front; nil where there is nothing to say.
    var help: (@Sendable (_ key: String) -> [String])?
  }

  /// The setting, as one that changes no result.
  public var changingNoResult: Setting {
    var setting = self
    setting.affectsResults = false
    return setting
  }

  /// A whole number.
  public static func integer(
    _ key: String, _ path: any WritableKeyPath<Root, Int> & Sendable, _ range: ClosedRange<Int>,
    _ meaning: String
  ) -> Setting {
    Setting(
      key: key, meaning: meaning, allowed: "a whole number in \(range)",
      schema: [
        "type": .text("integer"), "minimum": .integer(range.lowerBound),
        "maximum": .integer(range.upperBound),
      ],
      parse: { value, root in
        guard case .scalar(let text) = value, let number = Int(text), range.contains(number) else {
          return false
        }
        root[keyPath: path] = number
        return true
      },
      text: { String($0[keyPath: path]) }, json: { .integer($0[keyPath: path]) })
  }

  /// A number.
  public static func number(
    _ key: String, _ path: any WritableKeyPath<Root, Float> & Sendable, _ range: ClosedRange<Float>,
    _ meaning: String
  ) -> Setting {
    Setting(
      key: key, meaning: meaning, allowed: "a number in \(range)",
      schema: [
        "type": .text("number"), "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
      ],
      parse: { value, root in
        guard case .scalar(let text) = value, let number = Float(text), range.contains(number) else {
          return false
        }
        root[keyPath: path] = number
        return true
      },
      text: { written($0[keyPath: path]) }, json: { .number($0[keyPath: path]) })
  }

  /// A number as YAML has it: without a point before the exponent, YAML 1.1 reads a text.
  private static func written(_ number: Float) -> String {
    let text = String(number)
    guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
    return text[..<exponent] + ".0" + text[exponent...]
  }

  /// True or false.
  public static func flag(
    _ key: String, _ path: any WritableKeyPath<Root, Bool> & Sendable, _ meaning: String
  ) -> Setting {
    Setting(
      key: key, meaning: meaning, allowed: "true or false", schema: ["type": .text("boolean")],
      parse: { value, root in
        guard case .scalar(let text) = value, let flag = Bool(text) else { return false }
        root[keyPath: path] = flag
        return true
      },
      text: { String($0[keyPath: path]) }, json: { .flag($0[keyPath: path]) })
  }

  /// One of a few words.
  public static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ path: any WritableKeyPath<Root, Choice> & Sendable, _ meaning: String
  ) -> Setting {
    let words = Choice.allCases.map(\.rawValue)
    var setting = Setting(
      key: key, meaning: meaning, allowed: "one of " + words.joined(separator: ", "),
      schema: ["enum": .list(words.map(SchemaValue.text))],
      parse: { value, root in
        guard case .scalar(let text) = value, let choice = Choice(rawValue: text) else { return false }
        root[keyPath: path] = choice
        return true
      },
      text: { $0[keyPath: path].rawValue }, json: { .text($0[keyPath: path].rawValue) })
    setting.words = words
    return setting
  }

  /// A range of numbers, written as a list of its two ends.
  public static func range(
    _ key: String, _ path: any WritableKeyPath<Root, ClosedRange<Float>> & Sendable,
    _ limits: ClosedRange<Float>,
    _ meaning: String
  ) -> Setting {
    Setting(
      key: key, meaning: meaning, allowed: "two numbers [low, high] in \(limits)",
      schema: [
        "type": .text("array"), "minItems": .integer(2), "maxItems": .integer(2),
        "items": .object([
          "type": .text("number"), "minimum": .number(limits.lowerBound),
          "maximum": .number(limits.upperBound),
        ]),
      ],
      parse: { value, root in
        guard case .list(let texts) = value, texts.count == 2, let low = Float(texts[0]),
          let high = Float(texts[1]), low <= high, limits.contains(low), limits.contains(high)
        else { return false }
        root[keyPath: path] = low...high
        return true
      },
      text: { "[\($0[keyPath: path].lowerBound), \($0[keyPath: path].upperBound)]" },
      json: { .list([.number($0[keyPath: path].lowerBound), .number($0[keyPath: path].upperBound)]) })
  }

  /// Whole numbers in rising order, such as the epochs at which the learning rate falls.
  public static func integers(
    _ key: String, _ path: any WritableKeyPath<Root, [Int]> & Sendable, _ range: ClosedRange<Int>,
    _ meaning: String
  ) -> Setting {
    Setting(
      key: key, meaning: meaning, allowed: "a rising list [a, b, …] of whole numbers in \(range)",
      schema: [
        "type": .text("array"),
        "items": .object([
          "type": .text("integer"), "minimum": .integer(range.lowerBound),
          "maximum": .integer(range.upperBound),
        ]),
      ],
      parse: { value, root in
        guard case .list(let texts) = value else { return false }
        let numbers = texts.compactMap { Int($0) }
        guard numbers.count == texts.count, numbers.allSatisfy(range.contains),
          zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 })
        else { return false }
        root[keyPath: path] = numbers
        return true
      },
      text: { "[" + $0[keyPath: path].map(String.init).joined(separator: ", ") + "]" },
      json: { .list($0[keyPath: path].map(SchemaValue.integer)) })
  }
}

/// Where a piece of a recipe is: what messages call its file, and the keys above it.
public struct RecipePlace: Sendable {
  let file: String
  /// `method.`, or empty at the top.
  let above: String

  /// The place below a key.
  func below(_ key: String) -> RecipePlace { RecipePlace(file: file, above: "\(above)\(key).") }
}

/// What a YAML file gives for a setting: a scalar's text or a list of them.
enum RecipeValue: Sendable {
  case scalar(String)
  case list([String])
}

/// A JSON value, as schemas and stored recipes need it.
indirect enum SchemaValue: Sendable, Equatable {
  case text(String)
  case integer(Int)
  case number(Float)
  case flag(Bool)
  case list([SchemaValue])
  case object([String: SchemaValue])
}
