import Foundation
import TensorCore

/// What is added to the tokens of a grid of steps in time and joints: a row for each step and one for each joint, both
/// learned.
public struct PositionTable {
  /// (1, 1, V, D)
  public let joints: Parameter
  /// (1, T, 1, D)
  public let steps: Parameter

  /// A table for `steps` T by `joints` V tokens of `width` D numbers, from a normal distribution of deviation 0.02.
  /// Parameters `pos_embed` and `temp_embed`, both after `prefix`.
  public init(_ scope: Scope, prefix: String = "", steps: Int, joints: Int, width: Int) {
    self.joints = scope.parameter(
      "\(prefix)pos_embed", shape: [1, 1, joints, width], initialise: truncatedNormal(deviation: 0.02))
    self.steps = scope.parameter(
      "\(prefix)temp_embed", shape: [1, steps, 1, width], initialise: truncatedNormal(deviation: 0.02))
  }

  /// (T V, D): the row of the token of step t and joint v is number t V + v.
  public func callAsFunction() -> Tensor {
    let (steps, joints) = (self.steps.value, self.joints.value)
    let (width, count) = (joints.shape[3], joints.shape[2])
    let tokens = 0..<steps.shape[1] * count
    return steps.reshaped([steps.shape[1], width]).rows(tokens.map { $0 / count })
      + joints.reshaped([count, width]).rows(tokens.map { $0 % count })
  }
}

/// Waves of different lengths in place of learned positions: (positions, width), column 2 i the sine and column 2 i + 1
/// the cosine of position / 10000^(2 i / width).
///
/// Vaswani et al., "Attention is all you need", 2017, section 3.5.
public func sinusoids(positions: Int, width: Int) -> Tensor {
  let values = (0..<positions).flatMap { position in
    (0..<width).map { column -> Float in
      let angle = Double(position) / pow(10000, Double(column / 2 * 2) / Double(width))
      return Float(column % 2 == 0 ? sin(angle) : cos(angle))
    }
  }
  return Tensor(values, shape: [positions, width])
}
