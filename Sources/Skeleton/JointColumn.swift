/// What an NTU recording says of a joint besides where it is; kept in shards on request.
public enum JointColumn: String, CaseIterable, Sendable, Codable {
  /// 0 not tracked, 1 inferred, 2 tracked.
  case tracking
  /// Pixels of the depth image (512×424): x y.
  case depth
  /// Pixels of the colour image (1920×1080): x y.
  case colour
  /// The bone's orientation as a quaternion: w x y z.
  case orientation

  /// The numbers of a joint.
  public var width: Int { words.count }

  /// Which of the twelve words of a joint's line, from 0.
  ///
  /// Source: `read_skeleton_file.m` of shahroudy/NTURGB-D.
  public var words: Range<Int> {
    switch self {
    case .depth: 3..<5
    case .colour: 5..<7
    case .orientation: 7..<11
    case .tracking: 11..<12
    }
  }
}
