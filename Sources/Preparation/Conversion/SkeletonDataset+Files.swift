import Skeleton

/// What a data set's recordings are called and written in.
extension SkeletonDataset {
  /// A family of text formats.
  enum Format: CaseIterable {
    /// A `.skeleton` text for each action.
    case ntu
    /// A text of untrimmed motion, and one of labels with the same name.
    case pkummd
  }

  /// The family of the data set's files.
  var format: Format { videoPart == nil ? .ntu : .pkummd }

  /// What a file's name says about its place in a data set.
  enum Standing {
    /// It is a recording of this data set.
    case member
    /// It is a recording of another one.
    case elsewhere
    /// It is the name of no recording.
    case misnamed
  }

  /// Whether a recording of this name, without extension, belongs to the data set.
  func standing(ofRecordingNamed text: String) -> Standing {
    switch format {
    case .ntu:
      guard let name = SampleName(text) else { return .misnamed }
      return contains(name) ? .member : .elsewhere
    case .pkummd:
      guard let name = VideoName(text) else { return .misnamed }
      return contains(name) ? .member : .elsewhere
    }
  }
}

extension SkeletonDataset.Format {
  /// The extension of its files, in lower case.
  var fileExtension: String {
    switch self {
    case .ntu: "skeleton"
    case .pkummd: "txt"
    }
  }
}
