/// A recording as it was captured: in each frame any number of bodies, each with its 25 joints.
///
/// Ragged and flat, so that a frame with no body costs nothing and a thousand files need a thousand
/// allocations, not a million. Frame t holds the bodies `frameStarts[t] ..< frameStarts[t + 1]`.
public struct Recording: Sendable, Equatable {
  /// For each frame the number of its first body, and one number more: T + 1 numbers from 0.
  public private(set) var frameStarts: [Int]
  /// The tracker's name for each body; 64 bits, since Kinect's are beyond what a Double holds.
  public private(set) var bodyIDs: [UInt64]
  /// Metres in Kinect v2 camera space, (bodies, V=25, C=3); 0 0 0 is a joint that was not seen.
  public private(set) var joints: [Double]

  /// The most frames that a text may have: twenty minutes at 30 frames a second, more than any published recording.
  ///
  /// An empty frame is two bytes of text and becomes 600 bytes of a clip, so that without a limit a file of some
  /// megabytes would take gigabytes.
  public static let frameLimit = 36_000

  /// A recording of no frames, with room for some.
  ///
  /// - Parameter bodies: how many bodies, over all frames, to make room for.
  public init(reservingBodies bodies: Int = 0) {
    frameStarts = [0]
    bodyIDs = []
    joints = []
    bodyIDs.reserveCapacity(bodies)
    joints.reserveCapacity(bodies * Kinect25.jointCount * Kinect25.coordinateCount)
  }

  /// The number of frames, T.
  public var frameCount: Int { frameStarts.count - 1 }

  /// The bodies of a frame, as indices into `bodyIDs` and the first axis of `joints`.
  public func bodies(inFrame frame: Int) -> Range<Int> { frameStarts[frame]..<frameStarts[frame + 1] }

  /// Adds a body to the frame being read; its joints follow, in order.
  public mutating func appendBody(id: UInt64) { bodyIDs.append(id) }

  /// Adds the next joint of the body being read.
  public mutating func appendJoint(_ x: Double, _ y: Double, _ z: Double) {
    joints.append(x)
    joints.append(y)
    joints.append(z)
  }

  /// Ends the frame being read.
  public mutating func endFrame() {
    precondition(
      joints.count == bodyIDs.count * Kinect25.jointCount * Kinect25.coordinateCount,
      "\(joints.count) coordinates for \(bodyIDs.count) bodies")
    frameStarts.append(bodyIDs.count)
  }

  /// The recording of these frames alone.
  public func frames(_ range: Range<Int>) -> Recording {
    let bodies = frameStarts[range.lowerBound]..<frameStarts[range.upperBound]
    let size = Kinect25.jointCount * Kinect25.coordinateCount
    var part = Recording()
    part.frameStarts = frameStarts[range.lowerBound...range.upperBound].map { $0 - bodies.lowerBound }
    part.bodyIDs = Array(bodyIDs[bodies])
    part.joints = Array(joints[(bodies.lowerBound * size)..<(bodies.upperBound * size)])  // (bodies, V, C)
    return part
  }
}
