import Skeleton

extension SkeletonClip {
  /// A 3 × 3 matrix, row by row.
  public typealias Matrix = [Float]

  /// Every joint sheared: x′ = S · x, the same S for all frames, joints and bodies.
  public func sheared(by matrix: Matrix) -> SkeletonClip {
    precondition(matrix.count == 9, "a shear has 9 numbers, not \(matrix.count)")
    var result = self
    result.transform(joints: Array(0..<Kinect25.jointCount)) { x, y, z in
      (
        matrix[0] * x + matrix[1] * y + matrix[2] * z, matrix[3] * x + matrix[4] * y + matrix[5] * z,
        matrix[6] * x + matrix[7] * y + matrix[8] * z
      )
    }
    return result
  }

  /// Some joints of both bodies distorted in all frames: the row vector x times the matrix, or 0 without one.
  public func corrupted(joints: [Int], by matrix: Matrix?) -> SkeletonClip {
    var result = self
    if let matrix {
      result.transform(joints: joints) { x, y, z in
        (
          x * matrix[0] + y * matrix[3] + z * matrix[6], x * matrix[1] + y * matrix[4] + z * matrix[7],
          x * matrix[2] + y * matrix[5] + z * matrix[8]
        )
      }
    } else {
      result.transform(joints: joints) { _, _, _ in (0, 0, 0) }
    }
    return result
  }

  private mutating func transform(
    joints: [Int], _ map: (Float, Float, Float) -> (Float, Float, Float)
  ) {
    for frame in 0..<frameCount {
      for joint in joints {
        for body in 0..<Kinect25.bodyCount {
          let at = frame * SkeletonClip.width + SkeletonClip.offset(joint: joint, body: body)
          (values[at], values[at + 2], values[at + 4]) = map(values[at], values[at + 2], values[at + 4])
        }
      }
    }
  }

  /// A shear with 1 on the diagonal and numbers of ±limit beside it.
  static func drawShear(_ limit: Float, _ random: inout KeyedRandom) -> Matrix {
    var matrix: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    for index in [1, 2, 3, 5, 6, 7] { matrix[index] = random.uniform(-limit, limit) }
    return matrix
  }

  /// Exactly one spatial change: with the given chance joint corruption, otherwise a shear.
  ///
  /// Corruption takes 15 of the 25 joints and, with equal chances, sets them to 0 or multiplies them by a matrix of
  /// numbers of −1 … 1 ("joint jittering", the PCM3 feeder).
  func spatiallyAugmented(corruption chance: Float, _ random: inout KeyedRandom) -> SkeletonClip {
    guard random.unit() < chance else { return sheared(by: SkeletonClip.drawShear(1, &random)) }
    let joints = random.choose(15, of: Kinect25.jointCount)
    guard random.unit() < 0.5 else { return corrupted(joints: joints, by: nil) }
    return corrupted(joints: joints, by: (0..<9).map { _ in random.uniform(-1, 1) })
  }
}
