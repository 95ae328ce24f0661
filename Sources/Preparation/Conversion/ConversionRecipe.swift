import Foundation
import Skeleton

/// Everything that decides what a conversion makes of its inputs; stored, as JSON, in every shard.
struct ConversionRecipe: Codable, Equatable {
  let dataset: SkeletonDataset
  let profile: Profile
  /// `official`, `none`, or `list:` and a digest.
  let exclude: String
  /// What untrimmed recordings became; nil for data sets that have none.
  let actions: Trimming?
  /// How labels count frames; nil likewise.
  let intervals: IntervalConvention?
  /// What is kept of a joint besides where it is; nil for nothing.
  let columns: [JointColumn]?
  let shardSize: Int
  let compression: Int

  init(_ options: ConversionOptions) {
    dataset = options.dataset
    profile = options.profile
    exclude = options.exclusion.recorded
    actions = dataset.format == .pkummd ? options.trimming : nil
    intervals = dataset.format == .pkummd ? options.intervals : nil
    columns = options.columns.isEmpty ? nil : options.columns
    shardSize = options.shardSize
    compression = options.compression
  }

  private enum CodingKeys: String, CodingKey {
    case dataset, profile, exclude, actions, intervals, columns, compression
    case shardSize = "shard_size"
  }

  /// The recipe on one line, keys in order: equal recipes are equal texts.
  func json() throws -> String { String(decoding: try JSON.line(self), as: UTF8.self) }
}

/// The program that made a file, as files name it.
public enum Generator {
  /// Name and version.
  public static let name = "skelprep 0.1.0"
}
