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
      let (attributes, samples) = try ShardReader.heading(shardURL(index))
      try check(samples, attributes, ofShard: index)
      for sample in samples where !names.insert(sample.name).inserted {
        throw InputError(shardURL(index).path, at: sample.name, found: "a sample of an earlier shard")
      }
      return samples
    }
  }

  /// A shard without its coordinates.
  public func outline(_ index: Int) throws -> ShardOutline {
    let outline = try ShardReader.outline(shardURL(index))
    try check(outline.samples, outline.attributes, ofShard: index)
    return outline
  }

  /// Throws unless there are as many samples and frames as the manifest says, of the data set and profile that it
  /// says.
  private func check(_ samples: [SampleRecord], _ attributes: ShardAttributes, ofShard index: Int) throws {
    guard attributes.dataset == manifest.dataset, attributes.profile == manifest.profile else {
      throw InputError(
        shardURL(index).path, at: "dataset and profile",
        found: "\(attributes.dataset) by \(attributes.profile)",
        expected: "\(manifest.dataset) by \(manifest.profile), as the manifest says",
        hint: "the file is of another data set; delete it and run skelprep convert again")
    }
    let expected = manifest.shards[index]
    let frames = samples.reduce(0) { $0 + $1.length }
    guard samples.count == expected.samples, frames == expected.frames else {
      throw InputError(
        shardURL(index).path, found: "\(samples.count) samples of \(frames) frames",
        expected: "\(expected.samples) of \(expected.frames), as the manifest says",
        hint: "the file was changed since; delete it and run skelprep convert again")
    }
  }

  /// All values of a shard, after its SHA-256 has been compared with the manifest's.
  public func shard(_ index: Int, withColumns: Bool = false) throws -> Shard {
    try ShardReader.read(shardURL(index), expecting: manifest.shards[index], withColumns: withColumns)
  }

  /// A split by its name, checked against the samples.
  public func split(_ name: String) throws -> Split {
    let file = Split.url(name, in: url)
    let data: Data
    do {
      data = try Disk.read(file)
    } catch let error as InputError where error.kind == .noInput {
      let names = (try? splitNames()) ?? []
      throw InputError(
        file.path, found: "no such split", expected: names.joined(separator: ", "),
        hint: name.nearest(among: names).map { "did you mean \($0)?" }
          ?? "make it with skelprep split \(url.path), whose --help says how", kind: .noInput)
    }
    let split = try JSONFile.read(Split.self, data, file)
    try split.check(against: self, file.path)
    return split
  }

  /// The names of the splits that are there, sorted.
  public func splitNames() throws -> [String] {
    let files = try Disk.names(in: url.appendingPathComponent("splits"))
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
  }
}
