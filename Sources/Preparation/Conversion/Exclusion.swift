import Foundation
import Shards
import Skeleton

/// Which samples a conversion leaves out.
public enum Exclusion: Sendable, Equatable {
  /// The data set's own list of samples with missing skeletons.
  case official
  /// None.
  case none
  /// Names from a file.
  case list([String])

  /// Reads what users type: `official`, `none`, or a file with a sample name a line.
  ///
  /// Lines that are not sample names are passed over, so that the official files with their three lines of heading
  /// work as they are; a file without a single name is refused. Names may be those of files, with folder and extension.
  public init(argument: String) throws {
    switch argument {
    case "official": self = .official
    case "none": self = .none
    default:
      let text = try ListFile.text(
        argument, "a list of samples",
        hint: "--exclude takes official, none, or a file with a sample name a line")
      let names = text.split(whereSeparator: ListFile.parts).map { SampleOrder.name(ofFile: String($0)) }
        .filter {
          SampleName($0) != nil || VideoName($0) != nil || TrimmedName($0) != nil
        }
      if names.isEmpty {
        throw InputError(
          argument, found: "no sample names", expected: "S001C001P001R001A001 or 0002-L, one a line")
      }
      self = .list(Set(names).sorted())
    }
  }

  /// The names that are left out of this data set.
  public func names(of dataset: SkeletonDataset) -> Set<String> {
    switch self {
    case .official: Set(dataset.samplesWithMissingSkeletons)
    case .none: []
    case .list(let names): Set(names)
    }
  }

  /// What the recipe says: the word, or the digest of the names.
  var recorded: String {
    switch self {
    case .official: "official"
    case .none: "none"
    case .list(let names): "list:" + SHA256Digest.hex(of: Data(names.joined(separator: "\n").utf8))
    }
  }
}
