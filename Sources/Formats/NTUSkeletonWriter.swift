import Skeleton

/// Writes the `.skeleton` text of NTU RGB+D, byte by byte.
///
/// Coordinates are rounded to micrometres. The pixel columns are projections with the Kinect v2's usual focal
/// lengths, the orientation columns are zeros, as real files have them for the leaf joints.
public struct NTUSkeletonWriter {
  /// What was written so far.
  public private(set) var text: [UInt8] = []
  /// What ends a line.
  private let lineBreak: [UInt8]

  /// A text of so many frames, of which none is written yet.
  public init(frameCount: Int, lineBreak: String = "\n") {
    self.lineBreak = Array(lineBreak.utf8)
    append(whole: UInt64(frameCount))
    endLine()
  }

  /// Begins a frame of so many bodies.
  public mutating func beginFrame(bodyCount: Int) {
    append(whole: UInt64(bodyCount))
    endLine()
  }

  /// Writes a body.
  ///
  /// - Parameters:
  ///   - id: the tracker's name for it.
  ///   - joints: metres in Kinect camera space, (V).
  public mutating func append(bodyID id: UInt64, joints: [SIMD3<Double>]) {
    append(whole: id)
    text.append(contentsOf: NTUSkeletonWriter.bodyFiller)
    endLine()
    append(whole: UInt64(joints.count))
    endLine()
    for joint in joints {
      let depth = max(joint.z, 0.1)
      append(decimal: joint.x, places: 6)
      append(decimal: joint.y, places: 6)
      append(decimal: joint.z, places: 6)
      append(decimal: 256 + 366 * joint.x / depth, places: 2)
      append(decimal: 212 - 366 * joint.y / depth, places: 2)
      append(decimal: 960 + 1061 * joint.x / depth, places: 2)
      append(decimal: 540 - 1061 * joint.y / depth, places: 2)
      text.append(contentsOf: NTUSkeletonWriter.jointFiller)
      endLine()
    }
  }

  private static let bodyFiller = Array(" 0 1 1 1 1 0 0 0 2".utf8)
  private static let jointFiller = Array("0 0 0 0 2".utf8)

  private mutating func endLine() { text.append(contentsOf: lineBreak) }

  private mutating func append(whole value: UInt64) {
    var divisor: UInt64 = 1
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      text.append(0x30 + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }

  /// A number with so many digits after the point, and a space.
  private mutating func append(decimal value: Double, places: Int) {
    let scale: UInt64 = places == 6 ? 1_000_000 : 100
    precondition(places == 6 || places == 2, "\(places) places")
    let scaled = UInt64((abs(value) * Double(scale)).rounded())
    if value < 0 && scaled > 0 { text.append(0x2d) }
    append(whole: scaled / scale)
    text.append(0x2e)
    var divisor = scale / 10
    while divisor > 0 {
      text.append(0x30 + UInt8(scaled / divisor % 10))
      divisor /= 10
    }
    text.append(0x20)
  }
}
