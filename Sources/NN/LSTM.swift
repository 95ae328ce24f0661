import Kernels
import TensorCore

/// Long short-term memory of several layers, as PyTorch's: (N, T, inputs) to (N, T, directions · hidden).
///
///     i = σ(W_ii x + b_ii + W_hi h + b_hi)
///     f = σ(W_if x + b_if + W_hf h + b_hf)
///     g = tanh(W_ig x + b_ig + W_hg h + b_hg)
///     o = σ(W_io x + b_io + W_ho h + b_ho)
///     c' = f c + i g
///     h' = o tanh(c')
///
/// The first state and cell are zero. Each further layer reads the directions of the layer below side by side.
///
/// Hochreiter and Schmidhuber, "Long short-term memory", 1997, with the forget gate of Gers, Schmidhuber and Cummins,
/// "Learning to forget", 2000.
public struct LSTM {
  private let stack: RecurrentStack

  /// Parameters `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, those of the second direction ending in
  /// `_reverse`, then those of the next layer; gates in the order i, f, g, o. All from U(±1/√hidden).
  public init(_ scope: Scope, input: Int, hidden: Int, layers: Int, mode: GRUMode) {
    stack = RecurrentStack(
      scope, gates: 4, input: input, hidden: hidden, layers: layers, mode: mode, weights: .pytorch)
  }

  /// Features of a frame.
  public var input: Int { stack.input }
  /// Features of one direction's state.
  public var hidden: Int { stack.hidden }
  /// How it goes through time.
  public var mode: GRUMode { stack.mode }
  /// Features of a frame of the output.
  public var output: Int { stack.output }

  /// (N, T, inputs) to (N, T, directions · hidden): the last layer's states of all frames.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    stack(x) { frames, shape, weights, keepsTrace in
      let trace = Kernels.lstmLayer(frames, shape: shape, weights: weights, keepsTrace: keepsTrace)
      return (
        trace.output,
        { gradient, wantsInput in
          Kernels.lstmLayerPullback(
            trace, shape: shape, weights: weights, outputGradient: gradient, wantsInput: wantsInput)
        }
      )
    }
  }
}
