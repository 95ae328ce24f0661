import Foundation
import Skeleton

/// The manifest's line about one shard.
public struct ShardEntry: Codable, Sendable, Equatable {
  /// The file, below the data set's folder.
  public var file: String
  /// Its samples.
  public var samples: Int
  /// Its frames.
  public var frames: Int
  /// Its size in bytes.
  public var bytes: Int
  /// SHA-256 of the file.
  public var sha256: String
  /// SHA-256 over its values, equal across library versions.
  public var logicalSHA256: String

  /// A line about a shard.
  public init(file: String, samples: Int, frames: Int, bytes: Int, sha256: String, logicalSHA256: String) {
    self.file = file
    self.samples = samples
    self.frames = frames
    self.bytes = bytes
    self.sha256 = sha256
    self.logicalSHA256 = logicalSHA256
  }

  enum CodingKeys: String, CodingKey {
    case file, samples, frames, bytes, sha256
    case logicalSHA256 = "logical_sha256"
  }
}

/// What a data set is: the content of `manifest.json`, which is written last and by rename.
public struct Manifest: Codable, Sendable, Equatable {
  /// What an occlusion variant adds.
  public struct Variant: Codable, Sendable, Equatable {
    /// The digest of the parent's manifest.
    public var variantOf: String
    /// `spatial` or `temporal`.
    public var kind: String
    /// The range from which the hidden share was drawn, [low, high].
    public var ratio: [Double]
    /// The seed of the masks.
    public var seed: Int

    /// What sets a variant apart.
    public init(variantOf: String, kind: String, ratio: [Double], seed: Int) {
      self.variantOf = variantOf
      self.kind = kind
      self.ratio = ratio
      self.seed = seed
    }
  }

  /// The format's version.
  public var formatVersion: Int
  /// The data set: `ntu60`.
  public var dataset: String
  /// The normalization profile: `agcn300`.
  public var profile: String
  /// The resolved settings of the conversion, JSON.
  public var recipe: String
  /// The program that made it, with its version.
  public var generator: String
  /// All samples.
  public var sampleCount: Int
  /// All frames.
  public var frameCount: Int
  /// The shards in order.
  public var shards: [ShardEntry]
  /// The parent's digest, for an occlusion variant.
  public var variantOf: String?
  /// `spatial` or `temporal`, for an occlusion variant.
  public var kind: String?
  /// The range of the hidden share, for an occlusion variant.
  public var ratio: [Double]?
  /// The seed of the masks, for an occlusion variant.
  public var seed: Int?

  /// A manifest of shards.
  public init(
    dataset: String, profile: String, recipe: String, generator: String, shards: [ShardEntry], variant: Variant? = nil
  ) {
    formatVersion = Shard.version
    self.dataset = dataset
    self.profile = profile
    self.recipe = recipe
    self.generator = generator
    self.shards = shards
    sampleCount = shards.reduce(0) { $0 + $1.samples }
    frameCount = shards.reduce(0) { $0 + $1.frames }
    variantOf = variant?.variantOf
    kind = variant?.kind
    ratio = variant?.ratio
    seed = variant?.seed
  }

  enum CodingKeys: String, CodingKey {
    case formatVersion = "format_version"
    case dataset, profile, recipe, generator, shards, kind, ratio, seed
    case sampleCount = "samples"
    case frameCount = "frames"
    case variantOf = "variant_of"
  }

  /// The manifest's file in a folder.
  public static func file(in folder: URL) -> URL { folder.appendingPathComponent("manifest.json") }

  /// Reads a folder's manifest.
  ///
  /// - Throws: an `InputError` if there is none, or it is not one, or of another version.
  public static func read(_ folder: URL) throws -> Manifest {
    let file = file(in: folder)
    guard let data = FileManager.default.contents(atPath: file.path) else {
      throw InputError(
        folder.path, found: "no manifest.json, so no finished data set",
        hint: "give a folder made by `skelprep convert`; if that was interrupted, run the same command again")
    }
    let manifest: Manifest
    do { manifest = try JSONDecoder().decode(Manifest.self, from: data) } catch {
      throw InputError(file.path, found: "no manifest: \(error)")
    }
    guard manifest.formatVersion == Shard.version else {
      throw InputError(file.path, at: "format_version", found: "\(manifest.formatVersion)", expected: "\(Shard.version)")
    }
    for shard in manifest.shards where !isInside(shard.file) {
      throw InputError(file.path, at: "shards", found: shard.file, expected: "a file below shards/")
    }
    return manifest
  }

  private static func isInside(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[0] == "shards" && !parts[1].isEmpty && parts[1] != ".." && parts[1] != "."
  }

  /// Writes the manifest, by rename: from then on the folder is a finished data set.
  public func write(to folder: URL) throws {
    try AtomicFile.write(try StableJSON.data(self), to: Manifest.file(in: folder))
  }

  /// SHA-256 of a folder's `manifest.json`, which names every byte of its data.
  public static func digest(of folder: URL) throws -> String {
    guard let data = FileManager.default.contents(atPath: file(in: folder).path) else {
      throw InputError(folder.path, found: "no manifest.json", hint: "run `skelprep convert` again")
    }
    return Digest.of(data)
  }
}

/// JSON that is the same for the same values: sorted keys, indented, ended by a line break.
public enum StableJSON {
  /// A value's JSON.
  public static func data(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }
}
