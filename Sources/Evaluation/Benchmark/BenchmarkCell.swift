import Foundation
import Recipes
import Shards
import Skeleton

/// A folder that keeps what was found of one task on one data set with one checkpoint: `cells/linear-1f2e…`.
///
/// Its name is the digest of all that decides the result, so what is in it never has to be looked up or thrown away.
/// `result.json` is written last; without it the cell is unfinished.
struct BenchmarkCell {
  /// The digest of what decides the result.
  let key: String
  /// The folder.
  let folder: URL

  /// A cell of what has a kind and parts, which are digests and settings in a fixed order.
  init(_ kind: String, parts: [String], in output: URL) {
    var digest = SHA256Digest()
    for part in ["benchmark cell 1", kind] + parts {
      digest.update(part.utf8.count)
      digest.update(part)
    }
    key = digest.hex
    folder = output.appendingPathComponent("cells").appendingPathComponent("\(kind)-\(key.prefix(16))")
  }

  /// What was found, if that is finished.
  func stored<Value: Decodable>(_ type: Value.Type, _ name: String) -> Value? {
    guard let data = try? Data(contentsOf: folder.appendingPathComponent(name)) else { return nil }
    return try? JSONDecoder().decode(type, from: data)
  }

  /// How many seconds it took, where that is known.
  var seconds: Double? { stored(Time.self, "time.json")?.seconds }

  /// Keeps how long it took, beside the result.
  func write(seconds: Double) throws {
    let text = #"{"seconds": \#(String(format: "%.3f", seconds))}"# + "\n"
    try AtomicFile.write(Data(text.utf8), to: folder.appendingPathComponent("time.json"), isSynced: false)
  }

  /// Writes a value as JSON.
  func write(_ value: some Encodable, _ name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(value) + Data("\n".utf8), to: folder.appendingPathComponent(name))
  }

  private struct Time: Decodable {
    var seconds: Double
  }
}

extension RecipeSettings {
  /// Every setting as `key: value`, without what is said about it.
  var keyText: String {
    yaml.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      line.range(of: "  # ", options: .backwards).map { line[..<$0.lowerBound] } ?? line
    }.joined(separator: "\n")
  }
}
