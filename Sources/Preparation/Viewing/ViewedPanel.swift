import Foundation
import Shards
import Skeleton

/// One moving picture of a page: a sample as one data set has it, or as it was recorded.
struct ViewedPanel {
  /// Which way is up.
  enum Up: String, Encodable {
    case y, z
  }

  /// What the panel is of: `agcn300`.
  let title: String
  let up: Up
  /// T.
  let frameCount: Int
  /// B, no more than there are to see.
  let bodyCount: Int
  /// Metres, (T, B, V, C).
  let joints: [Float]
  /// Bit v is set where joint v was seen, (T, B).
  let seen: [UInt32]
  /// For each body the frames that are not its own at that time, see ``RepairedFrames``.
  var filled: [[Range<Int>]]
  /// The number of the sample's panel that has what is hidden here.
  var parent: Int?

  init(title: String, up: Up, frameCount: Int, bodyCount: Int, joints: [Float], seen: [UInt32]) {
    precondition(
      seen.count == frameCount * bodyCount, "\(seen.count) flags for \(frameCount) by \(bodyCount)")
    precondition(joints.count == seen.count * ViewedPanel.bodyStride, "\(joints.count) coordinates")
    self.title = title
    self.up = up
    self.frameCount = frameCount
    self.bodyCount = bodyCount
    self.joints = joints
    self.seen = seen
    filled = Array(repeating: [], count: bodyCount)
  }

  /// V·C.
  static let bodyStride = Kinect25.jointCount * Kinect25.coordinateCount

  /// Whether anything of the body was seen in the frame.
  func has(body: Int, inFrame frame: Int) -> Bool { seen[frame * bodyCount + body] != 0 }

  /// A sample as a shard has it.
  init(_ clip: StoredClip, title: String, up: Up) {
    let length = clip.sample.length
    func seen(_ frame: Int, _ body: Int) -> UInt32 {
      let first = Clip.visibility(frame: frame, body: body)
      return (0..<Clip.jointCount).reduce(0) { $0 | UInt32(clip.visible[first + $1]) << UInt32($1) }
    }
    let last = (0..<Clip.bodyCount).last { body in (0..<length).contains { seen($0, body) != 0 } }
    let bodies = max(clip.sample.bodies, (last ?? -1) + 1)
    var joints: [Float] = []  // (T, B, V, C)
    var bits: [UInt32] = []  // (T, B)
    joints.reserveCapacity(length * bodies * ViewedPanel.bodyStride)
    for frame in 0..<length {
      for body in 0..<bodies {
        let start = Clip.coordinate(frame: frame, body: body)
        joints += clip.frames[start..<(start + ViewedPanel.bodyStride)]
        bits.append(seen(frame, body))
      }
    }
    self.init(
      title: title, up: up, frameCount: length, bodyCount: bodies, joints: joints, seen: bits)
  }

  /// The bytes that the panel adds to a page, nearly.
  static func pageBytes(frames: Int, bodies: Int) -> Int {
    frames * bodies * (bodyStride * MemoryLayout<Int16>.size + MemoryLayout<UInt32>.size) * 4 / 3 + 512
  }
}

extension ViewedPanel: Encodable {
  private enum CodingKeys: String, CodingKey {
    case up, frames, bodies, step, joints, seen, filled, parent
  }

  /// What the page's script reads; coordinates and flags as base64.
  func encode(to encoder: any Encoder) throws {
    let quantized = QuantizedJoints(joints)
    var bits = Data(capacity: seen.count * 4)
    for word in seen {
      for byte in 0..<4 { bits.append(UInt8(truncatingIfNeeded: word >> UInt32(8 * byte))) }
    }
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(up, forKey: .up)
    try values.encode(frameCount, forKey: .frames)
    try values.encode(bodyCount, forKey: .bodies)
    try values.encode(quantized.step, forKey: .step)
    try values.encode(quantized.base64, forKey: .joints)
    try values.encode(bits.base64EncodedString(), forKey: .seen)
    try values.encode(filled.map { $0.map { [$0.lowerBound, $0.upperBound] } }, forKey: .filled)
    try values.encodeIfPresent(parent, forKey: .parent)
  }
}
