import TensorCore

/// What the points of a skeleton's cloud are painted with, so that a network that repaints one has to tell where in time,
/// on the body or on whose body a point is.
///
/// A cloud has a point for each frame, joint and body: point (t V + v) M + m, P = T V M.
///
/// Source: Yang et al., "Skeleton cloud colorization for unsupervised 3D action representation learning", 2021, section 3.2.
public enum CloudColoring: String, Sendable, CaseIterable {
  /// By frame.
  case temporal
  /// By joint, in the data set's order.
  case spatial
  /// By body: the first red, the last blue.
  case person

  /// Clips (N, M, T, V, C) as clouds (N, P, C).
  public static func cloud(of clips: Tensor) -> Tensor {
    let shape = clips.shape
    return clips.permuted([0, 2, 3, 1, 4]).reshaped([shape[0], shape[2] * shape[3] * shape[1], shape[4]])
  }

  /// Red, green and blue of each point of a cloud of that many frames T, joints V and bodies M: (P, 3), each between 0
  /// and 1 and together 1.
  public func colors(frames: Int, joints: Int, bodies: Int) -> Tensor {
    let points = frames * joints * bodies
    let values = (0..<points).flatMap { point -> [Float] in
      let (frame, joint, body) = (point / bodies / joints, point / bodies % joints, point % bodies)
      switch self {
      case .temporal: return Self.ramp(Float(frame + 1) / Float(frames))
      case .spatial: return Self.ramp(Float(joint + 1) / Float(joints))
      case .person: return Self.ramp(bodies > 1 ? Float(body) / Float(bodies - 1) : 0)
      }
    }
    return Tensor(values, shape: [points, 3])
  }

  /// From red at 0 over green at ½ to blue at 1.
  private static func ramp(_ share: Float) -> [Float] {
    share <= 0.5 ? [1 - 2 * share, 2 * share, 0] : [0, 2 - 2 * share, 2 * share - 1]
  }
}
