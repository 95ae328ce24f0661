import Foundation
import Recipes
import Shards
import Skeleton

/// A folder that keeps what was found of one task on one data set with one checkpoint: `cells/linear-1f2e…`.
///
/// Its name is the digest of all that decides the result, so what is in it never has to be looked up or thrown away.
/// `result.json` is written last; without it the cell is unfinished. It has the whole digest and a seal, so that a
/// result that was changed, or belongs elsewhere, is not taken for this one.
struct BenchmarkCell {
  /// The digest of what decides the result.
  let key: String
  /// The folder.
  let folder: URL

  /// A cell of what has a kind and parts, which are digests and settings in a fixed order.
  init(_ kind: String, parts: [String], in output: URL) {
    key = SHA256Digest.hex(ofParts: ["benchmark cell 2", kind] + parts)
    folder = output.appendingPathComponent("cells").appendingPathComponent("\(kind)-\(key.prefix(16))")
  }

  private var mapFile: URL { folder.appendingPathComponent("map.json") }

  /// The map of features that was made, if it is there.
  ///
  /// - Throws: an `InputError` if it was changed since it was written, or is of another cell.
  func keptMap() throws -> FeatureMap? {
    let data: Data
    do { data = try Disk.read(mapFile) } catch let error as InputError where error.kind == .noInput {
      return nil
    }
    guard JSONSeal.state(of: data) == .intact else {
      throw InputError(mapFile.path, at: "seal", found: "a map that was changed since it was written")
    }
    let kept = try JSONFile.read(KeptMap.self, data, mapFile)
    guard kept.key == key else { throw InputError(mapFile.path, at: "key", found: "the map of another cell") }
    if let label = kept.map.points.map(\.label).first(where: { !(0..<ShardLimits.mostClasses).contains($0) })
    {
      throw InputError(
        mapFile.path, at: "points", found: "class \(label)", expected: "one in 0..<\(ShardLimits.mostClasses)"
      )
    }
    return kept.map
  }

  /// Keeps a map of features.
  func write(_ map: FeatureMap) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(JSONSeal.sealed(try encoder.encode(KeptMap(key: key, map: map))), to: mapFile)
  }

  /// How many seconds it took, where that is known.
  var seconds: Double? {
    let file = folder.appendingPathComponent("time.json")
    return (try? Disk.read(file)).flatMap { try? JSONFile.decode(Time.self, from: $0) }?.seconds
  }

  /// Keeps how long it took, beside the result.
  func write(seconds: Double) throws {
    let text = #"{"seconds": \#(String(format: "%.3f", seconds))}"# + "\n"
    try AtomicFile.write(Data(text.utf8), to: folder.appendingPathComponent("time.json"), isSynced: false)
  }

  private struct Time: Decodable {
    var seconds: Double
  }

  private struct KeptMap: Codable {
    var key: String
    var map: FeatureMap
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
