import Foundation

/// A shard without its coordinates, which are nearly all of its bytes.
public struct ShardOutline: Sendable {
  /// What holds for all samples.
  public let attributes: ShardAttributes
  /// The samples in the order of their rows.
  public let samples: [SampleRecord]
  /// 1 where a joint was seen, else 0, (F, M, V).
  public let visible: [UInt8]
  /// The actions of untrimmed recordings, else empty.
  public let intervals: [ActionInterval]
}

extension ShardReader {
  /// Reads all but the coordinates; the checksums of what is read are compared.
  public static func outline(_ url: URL) throws -> ShardOutline {
    let contents = try ShardContents(reading: url)
    return ShardOutline(
      attributes: contents.attributes, samples: contents.samples, visible: try contents.flags(),
      intervals: contents.intervals)
  }
}
