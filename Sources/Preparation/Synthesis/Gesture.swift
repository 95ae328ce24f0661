import Foundation

/// A kind of movement, as a pose over time.
enum Gesture: CaseIterable {
  case wave, kick, bow, sit, clap, jump, raiseArms, punch, drink, march, squat, stretch

  /// What distinguishes one performance from another of the same gesture.
  struct Style {
    /// Repetitions a second, about 1.
    var tempo = 1.0
    /// Size of the movement, about 1.
    var amplitude = 1.0
    /// Where in a repetition it starts, radians.
    var phase = 0.0
  }

  /// The pose at a moment.
  ///
  /// - Parameters:
  ///   - seconds: since the clip's start.
  ///   - effort: from 0, standing, to 1, in the middle of the gesture.
  func pose(seconds: Double, effort: Double, style: Style) -> Pose {
    let beat = sin(2 * .pi * style.tempo * seconds + style.phase)
    let size = style.amplitude * effort
    var pose = Pose()
    switch self {
    case .wave:
      pose.right.abduction += 1.5 * effort
      pose.right.elbow += effort * 1.3 + size * 0.5 * beat
      pose.right.turn = size * 0.6 * beat
    case .kick:
      let swing = max(0, beat)
      pose.rightLeg.flexion += size * 1.2 * swing
      pose.rightLeg.knee += size * 0.9 * max(0, cos(2 * .pi * style.tempo * seconds + style.phase))
      pose.pitch -= size * 0.15 * swing
    case .bow:
      pose.pitch += size * 1.1 * (0.6 + 0.4 * beat)
      pose.nod += size * 0.3
    case .sit:
      pose.crouch(1.45 * effort * min(style.amplitude, 1.05))
      pose.pitch += 0.35 * effort * (1 - effort) * 4 + 0.1 * effort
    case .clap:
      for arm in [\Pose.left, \Pose.right] {
        pose[keyPath: arm].flexion += 1.0 * effort
        pose[keyPath: arm].elbow += 0.9 * effort
        pose[keyPath: arm].turn += effort * 0.45 + size * 0.35 * beat
      }
    case .jump:
      let flight = max(0, beat)
      pose.crouch(size * 0.6 * max(0, -beat))
      pose.shift.y += size * 0.22 * flight
      for arm in [\Pose.left, \Pose.right] { pose[keyPath: arm].flexion += size * 0.8 * flight }
    case .raiseArms:
      for arm in [\Pose.left, \Pose.right] {
        pose[keyPath: arm].abduction += size * 1.25 * (1 + beat)
      }
    case .punch:
      let reach = max(0, beat)
      pose.right.flexion += effort * 0.5 + size * 1.0 * reach
      pose.right.elbow += effort * 1.7 - size * 1.6 * reach
      pose.yaw += size * 0.35 * reach
      pose.left.elbow += 1.5 * effort
    case .drink:
      pose.right.flexion += effort * 0.9 + size * 0.15 * beat
      pose.right.elbow += effort * 1.7 + size * 0.3 * beat
      pose.right.turn += 0.4 * effort
      pose.nod -= size * 0.25
    case .march:
      for (leg, other, sign) in [(\Pose.leftLeg, \Pose.right, 1.0), (\Pose.rightLeg, \Pose.left, -1.0)] {
        let step = max(0, sign * beat)
        pose[keyPath: leg].flexion += size * 0.8 * step
        pose[keyPath: leg].knee += size * 1.1 * step
        pose[keyPath: other].flexion += size * 0.6 * step
      }
    case .squat:
      pose.crouch(size * 0.75 * (1 + beat))
      for arm in [\Pose.left, \Pose.right] { pose[keyPath: arm].flexion += 1.2 * effort }
    case .stretch:
      pose.roll += size * 0.6 * beat
      pose.left.abduction += effort * 1.4 + size * 0.6 * beat
      pose.right.abduction += effort * 1.4 - size * 0.6 * beat
    }
    return pose
  }
}

extension Pose {
  /// Bends knees and hips with the feet where they are.
  fileprivate mutating func crouch(_ angle: Double) {
    leftLeg.flexion += angle
    rightLeg.flexion += angle
    leftLeg.knee += angle * 1.05
    rightLeg.knee += angle * 1.05
    shift.y -= 0.43 * (1 - cos(angle))
    shift.z += 0.43 * sin(angle)
    pitch += 0.25 * angle
  }
}
