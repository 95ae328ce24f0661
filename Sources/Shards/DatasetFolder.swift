import Foundation
import Skeleton

/// A finished data set on disk.
public struct DatasetFolder: Sendable {
  /// The folder.
  public let url: URL
  /// What it is.
  public let manifest: Manifest

  /// Opens a folder.
  ///
  /// - Throws: an `InputError` if it has no manifest, which means that the conversion was not finished.
  public init(_ url: URL) throws {
    self.url = url
    manifest = try Manifest.read(url)
  }

  /// The file of a shard.
  public func file(_ shard: Int) -> URL { url.appendingPathComponent(manifest.shards[shard].file) }

  /// The samples of every shard, in order.
  public func samples() throws -> [[SampleRecord]] {
    try manifest.shards.enumerated().map { index, entry in
      let samples = try ShardReader.samples(file(index))
      guard samples.count == entry.samples else {
        throw InputError(
          file(index).path, found: "\(samples.count) samples", expected: "\(entry.samples), as in the manifest")
      }
      return samples
    }
  }

  /// A whole shard, after checking it against the manifest's SHA-256.
  public func shard(_ index: Int) throws -> Shard {
    try ShardReader.read(file(index), expecting: manifest.shards[index])
  }

  /// A split of the data set.
  ///
  /// - Throws: an `InputError` if there is no such split, it was made for other data, or a sample of the data set is
  ///   not in exactly one of its lists.
  public func split(_ name: String) throws -> Split {
    let file = Split.file(name, in: url)
    guard let data = FileManager.default.contents(atPath: file.path) else {
      throw InputError(
        file.path, found: "no such split", hint: "make it with `skelprep split \(url.path) --protocol \(name)`")
    }
    let split: Split
    do { split = try JSONDecoder().decode(Split.self, from: data) } catch {
      throw InputError(file.path, found: "no split: \(error)")
    }
    let remedy = "make it again with `skelprep split`"
    guard try split.manifest == Manifest.digest(of: url) else {
      throw InputError(file.path, at: "manifest", found: "a split of other data", hint: remedy)
    }
    let names = (split.train + split.test + split.excluded).sorted()
    if let twice = zip(names, names.dropFirst()).first(where: { $0 == $1 }) {
      throw InputError(file.path, found: "sample \(twice.0) in two lists", hint: remedy)
    }
    guard names.count == manifest.sampleCount else {
      throw InputError(
        file.path, found: "\(names.count) samples", expected: "\(manifest.sampleCount), each in one list", hint: remedy)
    }
    return split
  }
}
