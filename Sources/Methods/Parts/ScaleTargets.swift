import Encoders
import NN
import TensorCore

/// A light network that makes targets of patches at several time scales: (B, T, V, C) to (B, L, scales · width).
///
/// At scale s it reads s neighbouring patches of a joint, where they are and how they move, by two linear layers with GELU
/// between; each of the s patches has the result as its target. It learns with what guesses its targets, no teacher
/// follows anything; what keeps targets from becoming all alike is ``spread(_:)``.
///
/// Source: the description of "Towards efficient general feature prediction in masked skeleton modeling" (ICCV 2025): a
/// light network makes features as targets, from local motion to the whole, with a constraint that keeps them diverse. How
/// it is built is ours.
public struct ScaleTargets {
  private let grid: VisionTransformer.Size
  private let scales: [Int]
  private let layers: [(Linear, Linear)]
  /// Numbers of a target at one scale.
  public let width: Int

  /// A network for an encoder's patches, with parameters `0.0`, `0.2` of the first scale, and so on. A scale
  /// of more patches than there are is all of them; others divide the grid's steps.
  public init(_ scope: Scope, of grid: VisionTransformer.Size, scales: [Int], width: Int, hidden: Int) {
    let scales = scales.map { min($0, grid.steps) }
    precondition(
      scales.allSatisfy { grid.steps.isMultiple(of: $0) }, "scales \(scales) of \(grid.steps) patches")
    (self.grid, self.scales, self.width) = (grid, scales, width)
    layers = scales.enumerated().map { number, scale in
      let own = scope / "\(number)"
      return (
        Linear(own / "0", from: scale * 2 * grid.patch, to: hidden),
        Linear(own / "2", from: hidden, to: width)
      )
    }
  }

  /// The targets of bodies, (B, L, scales · width): each number has mean 0 and variance 1 over all of a joint's windows.
  public func callAsFunction(_ bodies: Tensor) -> Tensor {
    let (batch, steps, joints) = (bodies.shape[0], grid.steps, grid.joints)
    let read = Tensor.concatenated(
      [grid.patches(of: bodies), grid.patches(of: bodies.motion(over: 1))], axis: 2)
    let parts = zip(scales, layers).map { scale, layers -> Tensor in
      let windows = read.reshaped([batch, steps / scale, scale, joints, 2 * grid.patch])
        .permuted([0, 1, 3, 2, 4]).reshaped([batch * (steps / scale) * joints, scale * 2 * grid.patch])
      let made = layers.1(layers.0(windows).gelu()).standardized(axis: 0, epsilon: 1e-5)
        .reshaped([batch, steps / scale, joints, width])
      return made.gathered(axis: 1, (0..<steps).map { $0 / scale })
    }
    return .concatenated(parts, axis: 3).reshaped([batch, grid.tokens, scales.count * width])
  }

  /// How much the numbers of targets (…, scales · width), standardized, tell the same: Σ_{i≠j} correlation² over their
  /// count, 0 where each tells something else.
  public static func spread(_ targets: Tensor) -> Tensor {
    let width = targets.shape.last ?? 1
    let rows = targets.reshaped([targets.count / width, width])
    let correlations =
      rows.permuted([1, 0]).matmul(rows) * (1 / Float(rows.shape[0]))  // (scales · width, scales · width)
    let others = (0..<width * width).map { $0 / width == $0 % width ? Float(0) : 1 }
    return (correlations * Tensor(others, shape: [width, width])).square().sum() * (1 / Float(width))
  }
}
