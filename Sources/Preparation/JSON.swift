import Foundation

/// JSON as this package writes it: keys in order, so that equal values are equal bytes.
enum JSON {
  /// On one line.
  static func line(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }
}
