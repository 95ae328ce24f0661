import Foundation
import Skeleton

/// JSON files of data sets and results.
public enum JSONFile {
  /// Writes the value with its names sorted, so that equal values are equal files, and with its seal.
  static func write(_ value: some Encodable, to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(JSONSeal.sealed(try encoder.encode(value)), to: url)
  }

  /// Reads a value.
  ///
  /// - Parameters:
  ///   - type: what the file holds.
  ///   - data: its content.
  ///   - url: the file, for messages.
  ///   - hint: what to do about a file that is wrong.
  /// - Throws: an `InputError` that says which name in the file is wrong.
  public static func read<Value: Decodable>(
    _ type: Value.Type, _ data: Data, _ url: URL, hint: String = "the file's schema is in the folder schemas"
  ) throws -> Value {
    do {
      return try decode(type, from: data)
    } catch let error as DecodingError {
      let (place, found) = explain(error)
      throw InputError(url.path, at: place, found: found, hint: hint)
    }
  }

  /// Reads a value from a text in which no object has a name twice: readers differ in which of the two they take.
  ///
  /// - Throws: a `DecodingError`.
  public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
    if let name = JSONNames.repeated(in: data) {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: [], debugDescription: "\"\(name)\" twice in one object"))
    }
    return try JSONDecoder().decode(type, from: data)
  }

  private static func explain(_ error: DecodingError) -> (place: String, found: String) {
    func path(_ keys: [any CodingKey]) -> String { keys.map(\.stringValue).joined(separator: "/") }
    switch error {
    case .keyNotFound(let key, let context): return (path(context.codingPath + [key]), "missing")
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      return (path(context.codingPath), context.debugDescription)
    @unknown default: return ("", "\(error)")
    }
  }
}
