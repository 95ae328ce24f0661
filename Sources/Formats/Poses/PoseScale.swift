import Skeleton

/// How long a recording's bones are beside a person's, and what follows from that.
public struct PoseScale: Sendable, Equatable {
  /// The unit that was told, or found.
  public let unit: PoseUnit
  /// Metres of one.
  public let metres: Double
  /// The middle of the ratios of bones to a grown-up's; nil where no bone was seen.
  public let ratio: Double?

  /// Bones as joints of Kinect v2, with their length in a grown-up, in metres.
  private static let bones: [(from: String, to: String, length: Double)] = [
    ("spine_base", "spine_shoulder", 0.50), ("left_hip", "left_knee", 0.42),
    ("right_hip", "right_knee", 0.42),
    ("left_knee", "left_ankle", 0.40), ("right_knee", "right_ankle", 0.40),
    ("left_shoulder", "left_elbow", 0.28), ("right_shoulder", "right_elbow", 0.28),
    ("left_elbow", "left_wrist", 0.25), ("right_elbow", "right_wrist", 0.25),
  ]

  private static let pairs = bones.compactMap { bone -> (from: Int, to: Int, length: Double)? in
    guard let from = Kinect25.jointNames.firstIndex(of: bone.from),
      let to = Kinect25.jointNames.firstIndex(of: bone.to)
    else { return nil }
    return (from, to, bone.length)
  }

  /// Children and giants: what a ratio may be for the unit to be the one that it is of.
  private static let plausible = 0.3...2.5

  /// The scale of bodies that are mapped to Kinect v2's joints, (bodies, V=25, C=3), not-a-number where not seen.
  ///
  /// - Parameters:
  ///   - unit: what the user says.
  ///   - isFlat: whether they are of an image, which has no metres.
  init(of joints: [Double], unit: PoseUnit, isFlat: Bool) {
    let ratio = PoseScale.ratio(of: joints)
    self.ratio = ratio
    func scaled() -> Double { ratio.map { 1 / $0 } ?? 1 }
    if let metres = unit.metres {
      (self.unit, self.metres) = (unit, metres)
    } else if unit == .body || isFlat {
      (self.unit, metres) = (.body, scaled())
    } else if let ratio,
      let found = [PoseUnit.metres, .centimetres, .millimetres].first(where: {
        PoseScale.plausible.contains(ratio * ($0.metres ?? 1))
      })
    {
      (self.unit, metres) = (found, found.metres ?? 1)
    } else {
      (self.unit, metres) = ratio == nil ? (.metres, 1) : (.body, scaled())
    }
  }

  /// Whether bones are too long or too short for the unit that was told.
  public var isImplausible: Bool { ratio.map { !PoseScale.plausible.contains($0 * metres) } ?? false }

  /// The median over bones and bodies.
  private static func ratio(of joints: [Double]) -> Double? {
    let size = Kinect25.jointCount * Kinect25.coordinateCount
    let count = joints.count / size
    // A thousand bodies tell as much as all.
    let step = max(1, count / 1000)
    var ratios: [Double] = []
    for body in Swift.stride(from: 0, to: count, by: step) {
      for bone in pairs {
        let (a, b) = (body * size + 3 * bone.from, body * size + 3 * bone.to)
        let (x, y, z) = (joints[a] - joints[b], joints[a + 1] - joints[b + 1], joints[a + 2] - joints[b + 2])
        let length = (x * x + y * y + z * z).squareRoot()
        if length > 0 && length.isFinite { ratios.append(length / bone.length) }
      }
    }
    guard !ratios.isEmpty else { return nil }
    ratios.sort()
    return ratios[ratios.count / 2]
  }
}
