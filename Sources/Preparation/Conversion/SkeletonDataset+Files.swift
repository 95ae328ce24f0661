import Skeleton

/// What a data set's recordings are called and written in.
extension SkeletonDataset {
  /// The family of the data set's files.
  var format: RecordingFormat { videoPart == nil ? .ntu : .pkummd }

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
    if videoPart == nil {
      guard let name = SampleName(text) else { return .misnamed }
      return contains(name) ? .member : .elsewhere
    }
    guard let name = VideoName(text) else { return .misnamed }
    return contains(name) ? .member : .elsewhere
  }
}
