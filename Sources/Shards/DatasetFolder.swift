import Foundation
import Skeleton

/// A finished dataset on a disk.
public struct DatasetFolder: Sendable {
  /// The folder.
  public let url: URL
  /// What it holds.
  public let manifest: Manifest

  /// Opens a folder that holds a manifest; one without it is unfinished, and refused.
  public init(_ url: URL) throws {
    self.url = url
    manifest = try Manifest.read(url)
  }

  /// The file of a shard.
  public func shardURL(_ index: Int) -> URL {
    DatasetFolder.shards(in: url).appendingPathComponent(manifest.shards[index].file)
  }

  /// The folder of the shards in a dataset's folder.
  public static func shards(in folder: URL) -> URL {
    folder.appendingPathComponent("shards")
  }

  /// The samples of every shard, without their frames.
  public func samples() throws -> [[SampleRecord]] {
    var names: Set<String> = []
    return try manifest.shards.indices.map { index in
      let samples = try ShardReader.samples(shardURL(index))
      let expected = manifest.shards[index]
      let frames = samples.reduce(0) { $0 + $1.length }
      guard samples.count == expected.samples, frames == expected.frames else {
        throw InputError(
          shardURL(index).path, found: "\(samples.count) samples of \(frames) frames",
          expected: "\(expected.samples) of \(expected.frames), as the manifest says",
          hint: "the file was changed since; delete it and run skelprep convert again")
      }
      for sample in samples where !names.insert(sample.name).inserted {
        throw InputError(shardURL(index).path, at: sample.name, found: "a sample of an earlier shard")
      }
      return samples
    }
  }

  /// All values of a shard, after its SHA-256 has been compared with the manifest's.
  public func shard(_ index: Int) throws -> Shard {
    try ShardReader.read(shardURL(index), expecting: manifest.shards[index])
  }

  /// A split by its name, checked against the samples.
  public func split(_ name: String) throws -> Split {
    let file = Split.url(name, in: url)
    let data: Data
    do {
      data = try Data(contentsOf: file)
    } catch {
      throw InputError(
        file.path, found: "no such split", expected: splitNames().joined(separator: ", "),
        hint: "make it with skelprep split \(url.path), whose --help says how")
    }
    let split = try JSONFile.read(Split.self, data, file)
    try split.check(against: self, file.path)
    return split
  }

  /// The names of the splits that are there, sorted.
  public func splitNames() -> [String] {
    let folder = url.appendingPathComponent("splits").path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }
}
