import Skeleton

/// A recording of bodies of any layout, as a file has it: in its own units, its own joints, its own direction of up.
///
/// Ragged and flat as `Recording`, which it becomes by ``recording(_:in:)``.
public struct Poses: Sendable, Equatable {
  /// For each frame the number of its first body, and one number more: T + 1 numbers from 0.
  public private(set) var frameStarts = [0]
  /// The track of each body, as the file names it, or its place in its frame.
  public private(set) var bodyIDs: [UInt64] = []
  /// (bodies, V, C); not-a-number for a joint that was not seen.
  public private(set) var places: [Double] = []
  /// Joints of a body, V.
  public let jointCount: Int
  /// Coordinates of a joint, C: 2 or 3.
  public let coordinates: Int

  /// A recording of no frames.
  public init(jointCount: Int, coordinates: Int) {
    (self.jointCount, self.coordinates) = (jointCount, coordinates)
  }

  /// The number of frames, T.
  public var frameCount: Int { frameStarts.count - 1 }

  /// The bodies of a frame.
  public func bodies(inFrame frame: Int) -> Range<Int> { frameStarts[frame]..<frameStarts[frame + 1] }

  /// Adds a body to the frame being read, unless nothing of it was seen.
  ///
  /// A joint counts as not seen when a coordinate is no number, is farther than any unit makes sense of, or when all of
  /// them are 0, which is how most programs write it.
  ///
  /// - Parameter joints: (V, C).
  public mutating func appendBody(id: UInt64, _ joints: [Double]) {
    precondition(
      joints.count == jointCount * coordinates, "\(joints.count) coordinates of \(jointCount) joints")
    let start = places.count
    places += joints
    var isSeen = false
    for place in stride(from: start, to: places.count, by: coordinates) {
      let own = place..<(place + coordinates)
      if places[own].allSatisfy({ abs($0) <= Poses.farthest }) && places[own].contains(where: { $0 != 0 }) {
        isSeen = true
      } else {
        for index in own { places[index] = .nan }
      }
    }
    if isSeen { bodyIDs.append(id) } else { places.removeLast(joints.count) }
  }

  /// Ends the frame being read.
  public mutating func endFrame() { frameStarts.append(bodyIDs.count) }

  /// Adds the frames of another recording of the same joints.
  public mutating func append(_ other: Poses) {
    precondition(
      other.jointCount == jointCount && other.coordinates == coordinates, "poses of another layout")
    frameStarts += other.frameStarts.dropFirst().map { $0 + bodyIDs.count }
    bodyIDs += other.bodyIDs
    places += other.places
  }

  /// The most bodies of a recording, over all frames: twenty minutes of five people.
  public static let mostBodies = 5 * Recording.frameLimit

  /// Whether no more bodies or frames go in.
  var isFull: Bool { frameCount >= Recording.frameLimit || bodyIDs.count >= Poses.mostBodies }

  /// More than a kilometre in micrometres.
  private static let farthest = 1e12
}
