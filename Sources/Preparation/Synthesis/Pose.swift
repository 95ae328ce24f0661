import Foundation

/// How a person stands at a moment: angles in radians, 0 standing with hanging arms.
struct Pose {
  /// An arm.
  struct Arm {
    /// Forward and up.
    var flexion = 0.0
    /// Sideways and up.
    var abduction = 0.08
    /// Bend of the elbow.
    var elbow = 0.15
    /// Turn of the bent forearm about the upper arm, inwards.
    var turn = 0.0
  }

  /// A leg.
  struct Leg {
    /// Thigh forward.
    var flexion = 0.0
    /// Thigh sideways.
    var abduction = 0.03
    /// Bend of the knee.
    var knee = 0.03
  }

  /// Trunk forward.
  var pitch = 0.0
  /// Trunk to its left.
  var roll = 0.0
  /// Trunk turned about the vertical.
  var yaw = 0.0
  /// Head forward.
  var nod = 0.0
  /// Metres that the hips are above where they stand; x to the person's left, z backwards.
  var shift = SIMD3<Double>(0, 0, 0)
  var left = Arm()
  var right = Arm()
  var leftLeg = Leg()
  var rightLeg = Leg()

  /// The same pose seen in a mirror.
  var mirrored: Pose {
    var pose = self
    swap(&pose.left, &pose.right)
    swap(&pose.leftLeg, &pose.rightLeg)
    pose.roll = -roll
    pose.yaw = -yaw
    pose.shift.x = -shift.x
    return pose
  }
}

/// A rotation about one of the axes, applied to a vector.
enum Turn {
  /// From y towards z.
  static func aboutX(_ angle: Double, _ v: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(v.x, v.y * cos(angle) - v.z * sin(angle), v.y * sin(angle) + v.z * cos(angle))
  }

  /// From z towards x.
  static func aboutY(_ angle: Double, _ v: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(v.x * cos(angle) + v.z * sin(angle), v.y, -v.x * sin(angle) + v.z * cos(angle))
  }

  /// From x towards y.
  static func aboutZ(_ angle: Double, _ v: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(v.x * cos(angle) - v.y * sin(angle), v.x * sin(angle) + v.y * cos(angle), v.z)
  }
}
