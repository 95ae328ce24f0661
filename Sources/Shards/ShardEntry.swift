/// What a manifest says about one shard.
public struct ShardEntry: Codable, Sendable, Equatable {
  /// The file's name in the folder `shards`.
  public var file: String
  /// The number of samples.
  public var samples: Int
  /// The number of frames of all samples.
  public var frames: Int
  /// The file's size.
  public var bytes: Int
  /// SHA-256 of the file.
  public var sha256: String
  /// SHA-256 of the values, which another version of the libraries would not change.
  public var logicalSHA256: String

  /// An entry.
  public init(
    file: String, samples: Int, frames: Int, bytes: Int, sha256: String, logicalSHA256: String
  ) {
    self.file = file
    self.samples = samples
    self.frames = frames
    self.bytes = bytes
    self.sha256 = sha256
    self.logicalSHA256 = logicalSHA256
  }

  /// The name of the shard with this index: `00000.h5`.
  public static func fileName(_ index: Int) -> String {
    let digits = String(index)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".h5"
  }

  private enum CodingKeys: String, CodingKey {
    case file, samples, frames, bytes, sha256
    case logicalSHA256 = "logical_sha256"
  }
}
