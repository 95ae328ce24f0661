import Foundation
import Skeleton

/// Everything that decides what a conversion makes of its inputs; stored, as JSON, in every shard.
struct ConversionRecipe: Codable, Equatable {
  /// The data set's name.
  let dataset: String
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
  /// How somebody's own recordings are read; nil for a published data set.
  let own: OwnData?

  init(_ options: ConversionOptions) {
    dataset = options.data.name
    profile = options.profile
    exclude = options.exclusion.recorded
    actions = options.data.format == .pkummd ? options.trimming : nil
    intervals = options.data.format == .pkummd ? options.intervals : nil
    columns = options.columns.isEmpty ? nil : options.columns
    shardSize = options.shardSize
    compression = options.compression
    own = options.data.own?.data
  }

  private enum CodingKeys: String, CodingKey {
    case dataset, profile, exclude, actions, intervals, columns, compression, own
    case shardSize = "shard_size"
  }

  /// Which published data set it is of; nil for somebody's own.
  var published: SkeletonDataset? { own == nil ? SkeletonDataset(rawValue: dataset) : nil }

  /// The family of the files that it was made of.
  var format: RecordingFormat { published?.format ?? .poses }

  /// The recipe on one line, keys in order: equal recipes are equal texts.
  func json() throws -> String { String(decoding: try JSON.line(self), as: UTF8.self) }
}

/// The program that made a file, as files name it.
public enum Generator {
  /// Name and version.
  public static let name = "skelprep 0.1.0"
}
