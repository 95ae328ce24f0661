/// A recording as it was captured: in each frame any number of bodies, each with its 25 joints.
///
/// Ragged and flat, so that a frame with no body costs nothing and a thousand files need a thousand
/// allocations, not a million. Frame t holds the bodies `frameStarts[t] ..< frameStarts[t + 1]`.
public struct Recording: Sendable, Equatable {
  /// For each frame the number of its first body, and one number more: T + 1 numbers from 0.
  public private(set) var frameStarts: [Int]
  /// The tracker's name for each body; 64 bits, since Kinect's are beyond what a Double holds.
  public private(set) var bodyIDs: [UInt64]
  /// Metres in Kinect v2 camera space, (bodies, V=25, C=3), finite; 0 0 0 is a joint that was not seen.
  public private(set) var joints: [Double]
  /// The joints that were written without a place, as ``isPlace(_:_:_:)`` says, and stand as 0 0 0: their indices in
  /// (bodies, V), ascending. Nearly every recording has none.
  public private(set) var lostJoints: [Int] = []

  /// The most frames that a text may have: twenty minutes at 30 frames a second, more than any published recording.
  ///
  /// An empty frame is two bytes of text and becomes 600 bytes of a clip, so that without a limit a file of some
  /// megabytes would take gigabytes.
  public static let frameLimit = 36_000

  /// Metres from the camera, along an axis, beyond which nothing can be.
  ///
  /// A hundred times what Kinect sees. Coordinates a little beyond that are kept as they were recorded; these are a fault
  /// of the file. However such bodies are moved and turned, they stay within the ten kilometres that a shard takes.
  public static let farthest = 1000.0

  /// Whether coordinates are a joint's place: numbers, and none beyond ``farthest``.
  @inline(__always)
  public static func isPlace(_ x: Double, _ y: Double, _ z: Double) -> Bool {
    // Not-a-number is not less than anything.
    abs(x) <= farthest && abs(y) <= farthest && abs(z) <= farthest
  }

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

  /// Adds a whole body, (V=25, C=3), to the frame being read; joints without a place are noted, and are 0 0 0.
  public mutating func appendBody(id: UInt64, joints: [Double]) {
    let start = self.joints.count
    bodyIDs.append(id)
    self.joints += joints
    var place = 0
    while place < joints.count {
      if !Recording.isPlace(joints[place], joints[place + 1], joints[place + 2]) {
        lostJoints.append((start + place) / Kinect25.coordinateCount)
        for axis in 0..<Kinect25.coordinateCount { self.joints[start + place + axis] = 0 }
      }
      place += Kinect25.coordinateCount
    }
  }

  /// The frame of a body, by its index among all bodies.
  public func frame(ofBody body: Int) -> Int {
    // The first frame that ends behind it.
    var (low, high) = (0, frameCount)
    while low < high {
      let middle = (low + high) / 2
      if frameStarts[middle + 1] <= body { low = middle + 1 } else { high = middle }
    }
    return low
  }

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
    let first = bodies.lowerBound * Kinect25.jointCount
    part.lostJoints = lostJoints.map { $0 - first }.filter {
      (0..<(bodies.count * Kinect25.jointCount)).contains($0)
    }
    return part
  }
}
