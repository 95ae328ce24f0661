import Skeleton

/// A family of files that hold recordings.
enum RecordingFormat: CaseIterable {
  /// A `.skeleton` text for each action.
  case ntu
  /// A text of untrimmed motion, and one of labels with the same name.
  case pkummd
  /// Poses of any layout, in tables, JSON or arrays.
  case poses

  /// The extensions of its files, in lower case.
  var fileExtensions: Set<String> {
    switch self {
    case .ntu: ["skeleton"]
    case .pkummd: ["txt"]
    case .poses: PoseFile.extensions
    }
  }

  /// The extensions as messages have them: `.csv, .json`.
  var extensionText: String { fileExtensions.sorted().map { ".\($0)" }.joined(separator: ", ") }
}
