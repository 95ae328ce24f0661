import Skeleton

/// A person's proportions in metres, and where the 25 joints are in a pose.
struct BodyModel {
  var height = 1.72
  var legScale = 1.0
  var armScale = 1.0
  var shoulderHalfWidth = 0.18

  /// A person of their own, the same whenever they are asked for.
  init(random: inout KeyedRandom) {
    height = 1.72 + 0.07 * Double(random.normal())
    legScale = Double(random.uniform(0.94, 1.06))
    armScale = Double(random.uniform(0.93, 1.07))
    shoulderHalfWidth = Double(random.uniform(0.155, 0.205))
  }

  /// The joints in the order of `Kinect25.jointNames`, (V=25).
  ///
  /// Metres; the floor is y = 0, the person faces −z, and their left is +x.
  func joints(in pose: Pose) -> [SIMD3<Double>] {
    let scale = height / 1.72
    var joints = Array(repeating: SIMD3<Double>(), count: Kinect25.jointCount)  // (V)
    let base = SIMD3(0, 0.93 * scale * legScale, 0) + pose.shift
    // The trunk bends along its length: the lower half by half of the angle.
    func trunk(_ share: Double, _ vector: SIMD3<Double>) -> SIMD3<Double> {
      Turn.aboutY(pose.yaw, Turn.aboutZ(-pose.roll * share, Turn.aboutX(-pose.pitch * share, vector)))
    }
    joints[0] = base
    joints[1] = base + trunk(0.5, SIMD3(0, 0.30, 0) * scale)
    joints[20] = joints[1] + trunk(1, SIMD3(0, 0.23, 0) * scale)
    joints[2] = joints[20] + trunk(1, SIMD3(0, 0.08, 0) * scale)
    joints[3] = joints[2] + trunk(1, Turn.aboutX(-pose.nod, SIMD3(0, 0.15, -0.02) * scale))
    for (side, arm, first, tip) in [(1.0, pose.left, 4, 21), (-1.0, pose.right, 8, 23)] {
      let length = scale * armScale
      let shoulder = joints[20] + trunk(1, SIMD3(side * shoulderHalfWidth, -0.04, 0) * scale)
      func upper(_ vector: SIMD3<Double>) -> SIMD3<Double> {
        trunk(1, Turn.aboutX(arm.flexion, Turn.aboutZ(side * arm.abduction, vector)))
      }
      func fore(_ vector: SIMD3<Double>) -> SIMD3<Double> {
        upper(Turn.aboutY(side * arm.turn, Turn.aboutX(arm.elbow, vector)))
      }
      joints[first] = shoulder
      joints[first + 1] = shoulder + upper(SIMD3(0, -0.29, 0) * length)
      joints[first + 2] = joints[first + 1] + fore(SIMD3(0, -0.25, 0) * length)
      joints[first + 3] = joints[first + 2] + fore(SIMD3(0, -0.07, 0) * length)
      joints[tip] = joints[first + 3] + fore(SIMD3(0, -0.08, 0) * length)
      joints[tip + 1] = joints[first + 2] + fore(SIMD3(-side * 0.04, -0.08, -0.03) * length)
    }
    for (side, leg, first) in [(1.0, pose.leftLeg, 12), (-1.0, pose.rightLeg, 16)] {
      let length = scale * legScale
      func thigh(_ vector: SIMD3<Double>) -> SIMD3<Double> {
        Turn.aboutX(leg.flexion, Turn.aboutZ(side * leg.abduction, vector))
      }
      func shin(_ vector: SIMD3<Double>) -> SIMD3<Double> { thigh(Turn.aboutX(-leg.knee, vector)) }
      joints[first] = base + SIMD3(side * 0.085, -0.02, 0) * scale
      joints[first + 1] = joints[first] + thigh(SIMD3(0, -0.43, 0) * length)
      joints[first + 2] = joints[first + 1] + shin(SIMD3(0, -0.40, 0) * length)
      joints[first + 3] = joints[first + 2] + shin(SIMD3(0, -0.05, -0.12) * length)
    }
    return joints
  }
}
