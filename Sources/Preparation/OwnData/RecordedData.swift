import Formats
import Skeleton

/// What recordings are of: a data set that is known here, or somebody's own.
public enum RecordedData: Sendable, Equatable {
  /// A published one.
  case published(SkeletonDataset)
  /// Somebody's own.
  case own(OwnRecordings)

  /// The name that shards store.
  public var name: String {
    switch self {
    case .published(let dataset): dataset.rawValue
    case .own(let recordings): recordings.name
    }
  }

  /// Which published data set; nil for one's own.
  public var published: SkeletonDataset? { if case .published(let dataset) = self { dataset } else { nil } }

  /// One's own recordings; nil for a published data set.
  var own: OwnRecordings? { if case .own(let recordings) = self { recordings } else { nil } }

  /// The family of the files.
  var format: RecordingFormat {
    switch self {
    case .published(let dataset): dataset.format
    case .own: .poses
    }
  }

  /// Frames a second.
  var frameRate: Double {
    switch self {
    case .published(let dataset): dataset.frameRate
    case .own(let recordings): recordings.data.frameRate
    }
  }

  /// A recording's name as data sets of this kind write it, for messages.
  var exampleName: String { published?.exampleName ?? "fall-01" }
}
