import Kernels
import TensorCore

/// How a GRU goes through time.
public enum GRUMode: String, Sendable, CaseIterable {
  /// Two directions side by side, both from the first frame to the last: what a bidirectional GRU computes
  /// when it is called one frame at a time with its hidden state carried along. Nothing looks ahead.
  case stepwise
  /// Two directions side by side, the second from the last frame to the first.
  case bidirectional
  /// One direction, from the first frame to the last.
  case forward

  /// For each direction: the ending of its parameters' names, and whether it goes from the last frame to the
  /// first.
  var directions: [(suffix: String, runsBackward: Bool)] {
    switch self {
    case .stepwise: [("", false), ("_reverse", false)]
    case .bidirectional: [("", false), ("_reverse", true)]
    case .forward: [("", false)]
    }
  }
}

/// A gated recurrent unit of several layers, as PyTorch's: (N, T, inputs) to (N, T, directions · hidden).
///
///     r = σ(W_ir x + b_ir + W_hr h + b_hr)
///     z = σ(W_iz x + b_iz + W_hz h + b_hz)
///     n = tanh(W_in x + b_in + r (W_hn h + b_hn))
///     h' = (1 - z) n + z h
///
/// The first state is zero. Each further layer reads the directions of the layer below side by side.
public struct GRU {
  private let stack: RecurrentStack

  /// Parameters `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, those of the second direction
  /// ending in `_reverse`, then those of the next layer; gates in the order r, z, n. All from U(±1/√hidden),
  /// the matrices alternatively Xavier's.
  public init(
    _ scope: Scope, input: Int, hidden: Int, layers: Int, mode: GRUMode, weights: Initialisation = .pytorch
  ) {
    stack = RecurrentStack(
      scope, gates: 3, input: input, hidden: hidden, layers: layers, mode: mode, weights: weights)
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
      let trace = Kernels.gruLayer(frames, shape: shape, weights: weights, keepsTrace: keepsTrace)
      return (
        trace.output,
        { gradient, wantsInput in
          Kernels.gruLayerPullback(
            trace, shape: shape, weights: weights, outputGradient: gradient, wantsInput: wantsInput)
        }
      )
    }
  }
}
