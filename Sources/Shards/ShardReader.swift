import Foundation
import Skeleton

/// Reads shards, and refuses every file that is not one.
///
/// Format, version, types, shapes, bounds, layout and filters are checked before a value is used; names that the
/// format does not know are ignored. Storage outside of the file, links other than hard ones, virtual datasets and
/// plug-in filters are refused. Files made by an attacker are another matter: the HDF5 library is not safe for
/// them, so take shards only from where you would take programs.
public enum ShardReader {
  /// Reads all values.
  ///
  /// - Parameters:
  ///   - entry: the manifest's entry. Its SHA-256 is compared first, with the same bytes that are then read as
  ///     HDF5, so nothing can change in between.
  ///   - withColumns: whether what was kept of joints on request is read too.
  /// - Throws: `InputError` that names the file and the place in it.
  public static func read(
    _ url: URL, expecting entry: ShardEntry? = nil, withColumns: Bool = false
  ) throws -> Shard {
    let image = try Disk.read(url)
    if let entry {
      guard image.count == entry.bytes else {
        throw changed(url, found: "\(image.count) bytes", expected: "\(entry.bytes)")
      }
      let digest = SHA256Digest.hex(of: image)
      guard digest == entry.sha256 else {
        throw changed(url, found: "SHA-256 \(digest)", expected: entry.sha256)
      }
    }
    return try ShardContents.reading(image: image, name: url.path) { try $0.load(withColumns: withColumns) }
  }

  /// What holds for all samples, and the samples in the order of their rows; frames are not read.
  static func heading(_ url: URL) throws -> (attributes: ShardAttributes, samples: [SampleRecord]) {
    let contents = try ShardContents(reading: url)
    return (contents.attributes, contents.samples)
  }

  /// The samples alone, in the order of their rows; frames are not read.
  public static func samples(_ url: URL) throws -> [SampleRecord] {
    try ShardContents(reading: url).samples
  }

  /// The actions of untrimmed recordings, in the order of the table; frames are not read.
  public static func intervals(_ url: URL) throws -> [ActionInterval] {
    try ShardContents(reading: url).intervals
  }

  /// What holds for all samples; frames are not read.
  public static func attributes(_ url: URL) throws -> ShardAttributes {
    try ShardContents(reading: url).attributes
  }

  /// The digest of a shard's values, as manifests carry it, computed from the file.
  public static func logicalDigest(_ url: URL) throws -> String {
    try ShardContents.reading(image: try Disk.read(url), name: url.path) { try $0.logicalDigest() }
  }

  private static func changed(_ url: URL, found: String, expected: String) -> InputError {
    InputError(
      url.path, found: found, expected: "\(expected), as the manifest says",
      hint: "the file was changed or damaged since; delete it and run skelprep convert again")
  }
}
