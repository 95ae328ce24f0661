import NN
import Skeleton
import TensorCore

/// A prompt for a task: two short pieces that are added to a feature, one in each direction's half, at a place that is
/// drawn for every pass.
///
/// Source: PCM3's released code (`cl_prompt`, `mp_prompt`), where 128 of each half's 1024 numbers get one. As released,
/// `mp_prompt` is added alike to all frames in front of a linear layer and batch normalization, which takes it out again:
/// it has no influence on the prediction and no gradient but rounding, and is kept so that weights travel both ways.
public struct TaskPrompt {
  /// (1, 2 · width): the piece of the first half, then that of the second.
  private let pieces: Parameter
  private let hidden: Int
  private let width: Int

  /// A prompt for features of two directions of `hidden` numbers; parameter `name`.
  public init(_ scope: Scope, _ name: String, hidden: Int) {
    self.hidden = hidden
    width = TaskPrompt.width(hidden: hidden)
    pieces = scope.parameter(name, shape: [1, 2 * width], initialise: xavier)
  }

  /// Numbers of a half that get a prompt: an eighth of them.
  static func width(hidden: Int) -> Int { hidden / 8 }

  /// Draws where the pieces begin in their halves, from the places that leave at least one number behind them.
  static func place(hidden: Int, _ random: inout KeyedRandom) -> Int {
    random.integer(below: hidden - width(hidden: hidden))
  }

  /// (…, 2 · hidden) to the same, with the pieces added from number `place` of each half on.
  public func callAsFunction(_ features: Tensor, at place: Int) -> Tensor {
    precondition(place >= 0 && place + width <= hidden, "a prompt at \(place) of \(hidden)")
    var choice = [Float](repeating: 0, count: 2 * width * 2 * hidden)  // (2 · width, 2 · hidden)
    for index in 0..<(2 * width) {
      let half = index / width
      choice[index * 2 * hidden + half * hidden + place + index % width] = 1
    }
    return features + pieces.value.matmul(Tensor(choice, shape: [2 * width, 2 * hidden]))
  }
}
