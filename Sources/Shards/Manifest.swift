import Foundation
import Skeleton

/// What a dataset's folder holds: `manifest.json`, written last.
public struct Manifest: Codable, Sendable, Equatable {
  /// Samples that a list told the conversion to leave out.
  public struct Exclusion: Codable, Sendable, Equatable {
    /// `official`, or the name of the list's file.
    public var list: String
    /// The samples that were there and left out, sorted.
    public var names: [String]

    /// A list, and what it left out.
    public init(list: String, names: [String]) {
      self.list = list
      self.names = names
    }
  }

  /// The version of the format, 1.
  public var formatVersion: Int
  /// The data set: `ntu60`.
  public var dataset: String
  /// The normalization profile: `agcn300`.
  public var profile: String
  /// The recipe with every default filled in.
  public var recipe: JSONValue
  /// Name and version of the program.
  public var generator: String
  /// The samples of all shards.
  public var sampleCount: Int
  /// The frames of all shards.
  public var frameCount: Int
  /// The shards in order: samples are ordered by name, and each shard holds a run of them.
  public var shards: [ShardEntry]
  /// What a list left out; nil where there was no list.
  public var exclude: Exclusion?
  /// In an occlusion variant, the digest of the parent's manifest.
  public var variantOf: String?
  /// In an occlusion variant, `spatial` or `temporal`.
  public var kind: String?
  /// In an occlusion variant, the least and the greatest part that is hidden.
  public var ratio: [Double]?
  /// In an occlusion variant, the seed of its masks.
  public var seed: UInt64?

  /// The format that this package writes.
  public static let currentVersion = ShardLayout.version
  /// `manifest.json`.
  public static let fileName = "manifest.json"

  /// A manifest; the counts are those of the shards.
  public init(
    dataset: String, profile: String, recipe: JSONValue, generator: String, shards: [ShardEntry],
    exclude: Exclusion? = nil, variantOf: String? = nil, kind: String? = nil, ratio: [Double]? = nil,
    seed: UInt64? = nil
  ) {
    formatVersion = Manifest.currentVersion
    self.dataset = dataset
    self.profile = profile
    self.recipe = recipe
    self.generator = generator
    self.shards = shards
    sampleCount = shards.reduce(0) { $0 + $1.samples }
    frameCount = shards.reduce(0) { $0 + $1.frames }
    self.exclude = exclude
    self.variantOf = variantOf
    self.kind = kind
    self.ratio = ratio
    self.seed = seed
  }

  /// Reads the manifest of a dataset's folder.
  public static func read(_ folder: URL) throws -> Manifest {
    let url = folder.appendingPathComponent(fileName)
    let manifest = try JSONFile.read(Manifest.self, try bytes(in: folder), url)
    try manifest.check(url.path)
    return manifest
  }

  /// Writes the manifest into a dataset's folder, whole or not at all. Equal manifests are equal files.
  public func write(to folder: URL) throws {
    let url = folder.appendingPathComponent(Manifest.fileName)
    try check(url.path)
    try JSONFile.write(self, to: url)
  }

  /// SHA-256 of the bytes of the folder's `manifest.json`, which is what names this dataset elsewhere.
  public static func digest(of folder: URL) throws -> String {
    SHA256Digest.hex(of: try bytes(in: folder))
  }

  private static func bytes(in folder: URL) throws -> Data {
    do {
      return try Disk.read(folder.appendingPathComponent(fileName))
    } catch let error as InputError where error.kind == .noInput {
      guard try Disk.isThere(folder) else {
        throw InputError(folder.path, found: "no such folder", expected: "a data set", kind: .noInput)
      }
      throw InputError(
        folder.path, found: "no \(fileName)", expected: "a data set", hint: hint(without: folder))
    }
  }

  /// What a folder without a manifest may be: half a data set, a part of a whole one, or something else.
  private static func hint(without folder: URL) -> String {
    func has(_ name: String, in folder: URL) -> Bool {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
    }
    if has(".work", in: folder) || has("shards", in: folder) {
      return
        "the conversion has not finished: run the same skelprep convert again, it goes on where it stopped"
    }
    let parent = folder.standardizedFileURL.deletingLastPathComponent()
    if has(fileName, in: parent) { return "it is a part of the data set \(parent.path)" }
    return "a data set is a folder that skelprep convert has made"
  }

  /// Throws if the values contradict each other.
  private func check(_ path: String) throws {
    func demand(_ condition: Bool, _ place: String, _ found: String, _ expected: String) throws {
      if !condition { throw InputError(path, at: place, found: found, expected: expected) }
    }
    try demand(
      formatVersion == Manifest.currentVersion, "format_version", "\(formatVersion)",
      "\(Manifest.currentVersion)")
    for (index, shard) in shards.enumerated() {
      let place = "shards/\(index)"
      try demand(
        shard.file == ShardEntry.fileName(index), "\(place)/file", shard.file, ShardEntry.fileName(index))
      try demand(
        SHA256Digest.isDigest(shard.sha256) && SHA256Digest.isDigest(shard.logicalSHA256), place,
        "\(shard.sha256), \(shard.logicalSHA256)", "digests")
      try demand(
        shard.samples >= 1 && shard.frames >= shard.samples && shard.bytes >= 1, place,
        "\(shard.samples) samples, \(shard.frames) frames, \(shard.bytes) bytes", "at least one of each")
    }
    let samples = shards.reduce(0) { $0 &+ $1.samples }
    let frames = shards.reduce(0) { $0 &+ $1.frames }
    try demand(sampleCount == samples, "sample_count", "\(sampleCount)", "\(samples), as the shards have")
    try demand(frameCount == frames, "frame_count", "\(frameCount)", "\(frames), as the shards have")
    if case .object = recipe {} else { try demand(false, "recipe", "\(recipe)", "an object") }
    guard let variantOf else {
      return try demand(kind == nil && ratio == nil && seed == nil, "variant_of", "missing", "a digest")
    }
    try demand(SHA256Digest.isDigest(variantOf), "variant_of", variantOf, "a digest")
    try demand(kind == "spatial" || kind == "temporal", "kind", kind ?? "missing", "spatial or temporal")
    try demand(seed != nil, "seed", "missing", "a number")
    let bounds = ratio ?? []
    try demand(
      bounds.count == 2 && bounds[0] >= 0 && bounds[0] <= bounds[1] && bounds[1] <= 1, "ratio",
      "\(bounds)", "two numbers from 0 to 1, in order")
  }

  private enum CodingKeys: String, CodingKey {
    case formatVersion = "format_version"
    case dataset, profile, recipe, generator
    case sampleCount = "sample_count"
    case frameCount = "frame_count"
    case shards, exclude
    case variantOf = "variant_of"
    case kind, ratio, seed
  }
}
