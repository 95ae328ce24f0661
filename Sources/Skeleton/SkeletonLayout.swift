/// What bodies are made of: how many joints there are, how they hang together, and how many bodies and coordinates a
/// frame has.
public struct SkeletonLayout: Sendable, Equatable {
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
  /// Coordinates of a joint, C.
  public let coordinates: Int
  /// Bodies of a frame, M.
  public let bodies: Int

  /// Joints that are hidden, mixed or masked together.
  public struct Part: Sendable, Equatable {
    /// The part's name.
    public let name: String
    /// Its joints.
    public let joints: [Int]
  }

  /// Joints, V.
  public var jointCount: Int { joints.count }
  /// Numbers of a frame, V · C · M.
  public var width: Int { jointCount * coordinates * bodies }

  /// The two bodies of Kinect v2, as NTU RGB+D and PKU-MMD have them.
  public static let kinect25 = SkeletonLayout(
    name: "kinect25", joints: Kinect25.jointNames, parents: Kinect25.parents,
    parts: Kinect25.parts.map { Part(name: $0.name, joints: $0.joints) },
    centre: Kinect25.parents.indices.first { Kinect25.parents[$0] == $0 } ?? 0,
    mirrored: Kinect25.jointNames.enumerated().map { joint, name in
      let other =
        name.hasPrefix("left_")
        ? "right_" + name.dropFirst(5) : name.hasPrefix("right_") ? "left_" + name.dropFirst(6) : name
      return Kinect25.jointNames.firstIndex(of: other) ?? joint
    }, coordinates: Kinect25.coordinateCount, bodies: Kinect25.bodyCount)
}
