import Encoders
import NN
import TensorCore

/// What each joint's way over some intervals is guessed to have been, from each frame: (N, T, D) to classes of directions
/// and of lengths.
///
/// One linear layer an interval and kind, started as PyTorch's and named as in the released code: `dir_pred_list.0.linear.0`,
/// `mag_pred_list.0.linear.0` and so on.
///
/// Source: Kim et al., "Global-local motion transformer for unsupervised skeleton-based action learning", 2022, as the
/// released code has it.
public struct DisplacementHeads {
  /// Each axis negative, still or positive: a + 3 b + 9 c for x, y, z.
  public static let directions = 27
  /// Still, 14 steps of length, and a body that is not there.
  public static let lengths = 16
  private let layers: [(direction: Linear, length: Linear)]
  private let tokens: Int

  /// Heads for `intervals` intervals, from `features` D numbers of a frame of `tokens` joints, those of all bodies.
  public init(_ scope: Scope, features: Int, tokens: Int, intervals: Int) {
    func layer(_ list: String, _ interval: Int, classes: Int) -> Linear {
      Linear(scope / list / "\(interval)" / "linear" / "0", from: features, to: tokens * classes)
    }
    layers = (0..<intervals).map { interval in
      (
        layer("dir_pred_list", interval, classes: Self.directions),
        layer("mag_pred_list", interval, classes: Self.lengths)
      )
    }
    self.tokens = tokens
  }

  /// Frames (N, T, D) as the logits of directions (N, T, I, V M, 27) and of lengths (N, T, I, V M, 16).
  public func callAsFunction(_ frames: Tensor) -> (directions: Tensor, lengths: Tensor) {
    func logits(_ heads: [Linear], classes: Int) -> Tensor {
      let parts = heads.map { $0(frames).reshaped([frames.shape[0], frames.shape[1], 1, tokens, classes]) }
      return .concatenated(parts, axis: 2)
    }
    return (
      logits(layers.map(\.direction), classes: Self.directions),
      logits(layers.map(\.length), classes: Self.lengths)
    )
  }
}
