import Batches

/// An axis that clips are turned about.
public enum TurnAxis: String, CaseIterable, Sendable {
  /// To the side.
  case x
  /// Upright as cameras see it: with the profiles raw, ctrgcn and crosscl50.
  case y
  /// Upright where the spine was laid along it: with the profiles agcn300 and pyskl.
  case z

  static let meaning = "the axis of turns; z is upright with the profiles agcn300 and pyskl, y with others"

  /// The matrix of a turn, see `SkeletonClip.turn(degrees:)`.
  func turn(degrees: Float) -> SkeletonClip.Matrix {
    switch self {
    case .x: SkeletonClip.turn(degrees: [degrees, 0, 0])
    case .y: SkeletonClip.turn(degrees: [0, degrees, 0])
    case .z: SkeletonClip.turn(degrees: [0, 0, degrees])
    }
  }
}
