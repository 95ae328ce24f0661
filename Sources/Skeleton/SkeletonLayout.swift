/// What bodies are made of: how many joints there are, how they hang together, how many bodies and coordinates a frame
/// has, and which of Kinect v2's joints they tell.
public struct SkeletonLayout: Sendable, Equatable, Codable {
  /// Its name, by which weights know it.
  public let name: String
  /// The joints' names, (V).
  public let joints: [String]
  /// For each joint the joint its bone starts from; the root names itself. (V)
  public let parents: [Int]
  /// Parts of the body, each with its joints; every joint belongs to exactly one.
  public let parts: [Part]
  /// The joint that distances in the graph are counted from.
  public let centre: Int
  /// For each joint the one on the other side; those of the middle name themselves. (V)
  public let mirrored: [Int]
  /// Coordinates of a joint, C: 3 in space, 2 in an image.
  public let coordinates: Int
  /// Bodies of a frame, M.
  public let bodies: Int
  /// Where up is in recordings of this layout, unless they say otherwise.
  public let up: UpAxis
  /// For each joint of Kinect v2 the joints here that it is in the middle of, one as often as it counts; none where
  /// nothing here tells it, and it is not visible. (25)
  public let kinect: [[Int]]

  /// Joints that are hidden, mixed or masked together.
  public struct Part: Sendable, Equatable, Codable {
    /// The part's name.
    public let name: String
    /// Its joints.
    public let joints: [Int]

    /// Joints of a name.
    public init(name: String, joints: [Int]) { (self.name, self.joints) = (name, joints) }
  }

  /// A layout of these values; ``fault`` says whether they hold together.
  public init(
    name: String, joints: [String], parents: [Int], parts: [Part], centre: Int, mirrored: [Int],
    coordinates: Int, bodies: Int, up: UpAxis, kinect: [[Int]]
  ) {
    (self.name, self.joints, self.parents, self.parts) = (name, joints, parents, parts)
    (self.centre, self.mirrored, self.coordinates, self.bodies) = (centre, mirrored, coordinates, bodies)
    (self.up, self.kinect) = (up, kinect)
  }

  /// Joints, V.
  public var jointCount: Int { joints.count }
  /// Numbers of a frame, V · C · M.
  public var width: Int { jointCount * coordinates * bodies }

  /// Kinect v2's joints that nothing of this layout tells; they are not visible when it is mapped.
  public var missingKinectJoints: [String] {
    zip(Kinect25.jointNames, kinect).filter { $1.isEmpty }.map(\.0)
  }

  /// The two bodies of Kinect v2, as NTU RGB+D and PKU-MMD have them.
  public static let kinect25 = SkeletonLayout(
    name: "kinect25", joints: Kinect25.jointNames, parents: Kinect25.parents,
    parts: Kinect25.parts.map { Part(name: $0.name, joints: $0.joints) },
    centre: Kinect25.parents.indices.first { Kinect25.parents[$0] == $0 } ?? 0,
    mirrored: SkeletonLayout.mirrored(Kinect25.jointNames), coordinates: Kinect25.coordinateCount,
    bodies: Kinect25.bodyCount, up: .y, kinect: (0..<Kinect25.jointCount).map { [$0] })

  /// For each joint the one that has its name with the other side, `left_hip` for `right_hip`; itself where none has.
  public static func mirrored(_ names: [String]) -> [Int] {
    names.enumerated().map { joint, name in
      let other =
        name.hasPrefix("left_")
        ? "right_" + name.dropFirst(5) : name.hasPrefix("right_") ? "left_" + name.dropFirst(6) : name
      return names.firstIndex(of: other) ?? joint
    }
  }
}

/// The direction in which heads are, of the axes that a recording has.
public enum UpAxis: String, Sendable, Codable, CaseIterable {
  /// Kinect v1 and v2, and most motion capture.
  case y
  /// Images, and the cameras of programs that look at images: y counts downwards.
  case minusY = "-y"
  /// Laboratories, whose floor is x and y.
  case z
  /// The same, counted downwards.
  case minusZ = "-z"

  /// Turns a place so that y is up, as in the camera space of Kinect v2; left and right of the body stay as they are.
  @inline(__always)
  public func upright(_ x: Double, _ y: Double, _ z: Double) -> (x: Double, y: Double, z: Double) {
    switch self {
    case .y: (x, y, z)
    case .minusY: (-x, -y, z)
    case .z: (x, z, -y)
    case .minusZ: (x, -z, y)
    }
  }
}
