import Skeleton

/// One of the three cameras: how it stands to the scene, and how well it sees.
struct Camera {
  private let angle: Double
  private let height: Double
  private let distance: Double
  private var noise: KeyedRandom

  /// The camera of a sample. Cameras 1, 2 and 3 stand at +35°, 0° and −35°, a few degrees off in each setup.
  init(of name: SampleName, seed: UInt64) {
    var setup = KeyedRandom(seed: seed, sample: "S\(name.setup)C\(name.camera)", view: "synthesis.camera")
    angle = Double(2 - name.camera) * 0.61 + Double(setup.uniform(-0.08, 0.08))
    height = Double(setup.uniform(0.9, 1.3))
    distance = Double(setup.uniform(2.7, 3.5))
    noise = KeyedRandom(seed: seed, sample: "\(name)", view: "synthesis.noise")
  }

  /// What the camera measures of joints on the floor of the scene: Kinect camera space, (V=25).
  ///
  /// Noise of 5 mm, half as much again in depth and double in the hands.
  mutating func sees(_ joints: [SIMD3<Double>]) -> [SIMD3<Double>] {
    joints.indices.map { joint in
      let deviation = Camera.hands.contains(joint) ? 0.010 : 0.005
      let error = SIMD3(Double(noise.normal()), Double(noise.normal()), 1.5 * Double(noise.normal()))
      return Turn.aboutY(angle, joints[joint]) + SIMD3(0, -height, distance) + deviation * error
    }
  }

  private static let hands: Set = [7, 11, 21, 22, 23, 24]
}
