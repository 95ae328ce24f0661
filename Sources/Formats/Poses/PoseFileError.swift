/// Why a file is no recording of poses, and where in it that shows.
public struct PoseFileError: Error, Equatable, Sendable {
  /// One word for tables and totals: `truncated`, `bad-token`, `joint-count`.
  public let kind: String
  /// The line, from 1, where there are lines.
  public let line: Int?
  /// The byte, from 0, where that is known.
  public let byte: Int?
  /// Where, in words of the file: `line 3, column left_knee_x`, `people/0/pose_keypoints_2d`.
  public let place: String
  /// What stands there.
  public let found: String
  /// What should stand there.
  public let expected: String
  /// What to do about it.
  public let hint: String

  /// Describes what is wrong.
  public init(
    _ kind: String, at place: String = "", line: Int? = nil, byte: Int? = nil, found: String,
    expected: String = "", hint: String = ""
  ) {
    (self.kind, self.line, self.byte, self.place) = (kind, line, byte, place)
    (self.found, self.expected, self.hint) = (found, expected, hint)
  }

  /// The same of a text whose bytes are at fault.
  public init(_ error: SkeletonTextError) {
    self.init(error.kind, byte: error.offset, found: error.sentence)
  }

  /// Place, found, expected and hint as a sentence, without the file's name.
  public var sentence: String {
    (place.isEmpty ? "" : "\(place): ") + found + (expected.isEmpty ? "" : "; expected \(expected)")
      + (hint.isEmpty ? "" : " (\(hint))")
  }
}
