import Skeleton

/// What is needed to make poses comparable, beside their layout.
public struct PoseSpace: Sendable, Equatable, Codable {
  /// What coordinates count.
  public var unit: PoseUnit
  /// Where up is.
  public var up: UpAxis

  /// A unit and a direction.
  public init(unit: PoseUnit = .auto, up: UpAxis) { (self.unit, self.up) = (unit, up) }
}

extension Poses {
  /// Poses as a recording of Kinect v2's joints.
  public struct Mapped: Sendable, Equatable {
    /// Metres, y up.
    public let recording: Recording
    /// What coordinates counted.
    public let scale: PoseScale
    /// Joints that the layout tells and that were not seen, over all bodies.
    public let unseen: Int
  }

  /// Maps the poses to the 25 joints of Kinect v2, metres, y up.
  ///
  /// A joint is in the middle of those that its layout names, if all of them were seen; else it was not seen. Tracks keep
  /// their identities. A body of which no joint is left is left out.
  ///
  /// - Parameter layout: what the joints are; as many and of as many coordinates as these.
  public func recording(_ layout: SkeletonLayout, in space: PoseSpace) -> Mapped {
    precondition(
      layout.jointCount == jointCount && layout.coordinates == coordinates, "poses of another layout")
    let size = Kinect25.jointCount * Kinect25.coordinateCount
    let (count, told) = (bodyIDs.count, layout.kinect)
    var joints = [Double](repeating: .nan, count: count * size)  // (bodies, V=25, C=3)
    var unseen = 0
    for body in 0..<count {
      for (joint, sources) in told.enumerated() where !sources.isEmpty {
        var (x, y, z) = (0.0, 0.0, 0.0)
        for source in sources {
          let place = (body * jointCount + source) * coordinates
          x += places[place]
          y += places[place + 1]
          z += coordinates == 3 ? places[place + 2] : 0
        }
        guard x.isFinite && y.isFinite && z.isFinite else {
          unseen += 1
          continue
        }
        let parts = Double(sources.count)
        let turned = space.up.upright(x / parts, y / parts, z / parts)
        let place = body * size + joint * Kinect25.coordinateCount
        (joints[place], joints[place + 1], joints[place + 2]) = (turned.x, turned.y, turned.z)
      }
    }
    let scale = PoseScale(of: joints, unit: space.unit, isFlat: coordinates == 2)
    for index in joints.indices { joints[index] *= scale.metres }
    var recording = Recording(reservingBodies: count)
    for frame in 0..<frameCount {
      for body in bodies(inFrame: frame) {
        let own = joints[(body * size)..<((body + 1) * size)]
        if own.contains(where: \.isFinite) { recording.appendBody(id: bodyIDs[body], joints: Array(own)) }
      }
      recording.endFrame()
    }
    return Mapped(recording: recording, scale: scale, unseen: unseen)
  }
}
