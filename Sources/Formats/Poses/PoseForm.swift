import Skeleton

/// How files of poses are to be read, whatever they are written in.
public struct PoseForm: Sendable, Equatable, Codable {
  /// What the joints are.
  public var layout: SkeletonLayout
  /// Which columns of tables are what; nil where their names say it.
  public var columns: PoseColumns?
  /// A joint whose confidence is not above this was not seen.
  public var leastConfidence: Double

  /// Files of a layout.
  public init(_ layout: SkeletonLayout, columns: PoseColumns? = nil, leastConfidence: Double = 0) {
    (self.layout, self.columns, self.leastConfidence) = (layout, columns, leastConfidence)
  }

  /// Puts a joint of a body in its place: C numbers, or C + 1, of which the last is a confidence.
  func put(_ numbers: some Sequence<Double>, joint: Int, into body: inout [Double]) {
    var axis = 0
    for number in numbers {
      if axis < layout.coordinates {
        body[joint * layout.coordinates + axis] = number
      } else if !(number > leastConfidence) {
        hide(joint, in: &body)
      }
      axis += 1
    }
  }

  /// Makes a joint one that was not seen.
  func hide(_ joint: Int, in body: inout [Double]) {
    for axis in 0..<layout.coordinates { body[joint * layout.coordinates + axis] = .nan }
  }

  /// A body of which nothing was seen, (V, C).
  var nobody: [Double] { [Double](repeating: .nan, count: layout.jointCount * layout.coordinates) }

  /// No frames yet.
  var poses: Poses { Poses(jointCount: layout.jointCount, coordinates: layout.coordinates) }
}

/// Which columns of a table are what, for tables whose headings say nothing.
public struct PoseColumns: Sendable, Equatable, Codable {
  /// The columns of one joint.
  public struct Joint: Sendable, Equatable, Codable {
    /// The joint's name in its layout.
    public var joint: String
    /// Its coordinates' headings, and behind them that of its confidence, where there is one.
    public var columns: [String]

    /// Columns of a joint.
    public init(_ joint: String, _ columns: [String]) { (self.joint, self.columns) = (joint, columns) }
  }

  /// The heading of the frame's number; empty where a row is a frame.
  public var frame: String
  /// The heading of the body's name; empty where there is one body.
  public var body: String
  /// The columns of joints. A heading may be a column's number, from 1, with `#` in front.
  public var joints: [Joint]

  /// Columns of joints.
  public init(frame: String = "", body: String = "", joints: [Joint]) {
    (self.frame, self.body, self.joints) = (frame, body, joints)
  }
}
