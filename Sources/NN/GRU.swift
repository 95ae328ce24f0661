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
  /// One direction of one layer.
  struct Cell {
    let inputWeight: Parameter  // (3H, I)
    let hiddenWeight: Parameter  // (3H, H)
    let inputBias: Parameter  // (3H)
    let hiddenBias: Parameter  // (3H)
    let runsBackward: Bool

    var parameters: [Parameter] { [inputWeight, hiddenWeight, inputBias, hiddenBias] }

    var weights: GRUWeights {
      GRUWeights(
        input: inputWeight.value.storage, hidden: hiddenWeight.value.storage,
        inputBias: inputBias.value.storage, hiddenBias: hiddenBias.value.storage, runsBackward: runsBackward)
    }
  }

  /// Features of a frame.
  public let input: Int
  /// Features of one direction's state.
  public let hidden: Int
  /// How it goes through time.
  public let mode: GRUMode
  private let layers: [[Cell]]  // layers of directions

  /// Parameters `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, those of the second direction
  /// ending in `_reverse`, then those of the next layer; gates in the order r, z, n. All from U(±1/√hidden),
  /// the matrices alternatively Xavier's.
  public init(
    _ scope: Scope, input: Int, hidden: Int, layers: Int, mode: GRUMode, weights: Initialisation = .pytorch
  ) {
    (self.input, self.hidden, self.mode) = (input, hidden, mode)
    let bound = 1 / Float(hidden).squareRoot()
    let width = mode.directions.count * hidden
    self.layers = (0..<layers).map { layer in
      mode.directions.map { suffix, runsBackward in
        let end = "l\(layer)\(suffix)"
        let columns = layer == 0 ? input : width
        return Cell(
          inputWeight: scope.parameter(
            "weight_ih_\(end)", shape: [3 * hidden, columns], initialise: weights.weight(bound: bound)),
          hiddenWeight: scope.parameter(
            "weight_hh_\(end)", shape: [3 * hidden, hidden], initialise: weights.weight(bound: bound)),
          inputBias: scope.parameter("bias_ih_\(end)", shape: [3 * hidden], initialise: uniform(bound)),
          hiddenBias: scope.parameter("bias_hh_\(end)", shape: [3 * hidden], initialise: uniform(bound)),
          runsBackward: runsBackward)
      }
    }
  }

  /// Features of a frame of the output.
  public var output: Int { mode.directions.count * hidden }

  /// (N, T, inputs) to (N, T, directions · hidden): the last layer's states of all frames.
  ///
  /// One operation: between the layers everything stays time first, and no step makes a tensor.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    precondition(
      x.shape.count == 3 && x.shape[2] == input && x.shape[1] > 0,
      "a GRU of (N, T, \(input)) for shape \(x.shape)")
    let (sequences, steps) = (x.shape[0], x.shape[1])
    let inputs = [x] + layers.flatMap { $0.flatMap { $0.parameters.map(\.value) } }
    let weights = layers.map { $0.map(\.weights) }
    let keepsTrace = inputs.contains(where: \.isVariable)
    let needsInput = x.isVariable

    let shapes = layers.indices.map { layer in
      GRUShape(sequences: sequences, steps: steps, input: layer == 0 ? input : output, hidden: hidden)
    }
    // (T, N, I)
    var frames = Kernels.swapLeadingAxes(x.storage, first: sequences, second: steps, width: input)
    var traces: [GRULayerTrace] = []
    for (shape, weights) in zip(shapes, weights) {
      let trace = Kernels.gruLayer(frames, shape: shape, weights: weights, keepsTrace: keepsTrace)
      frames = trace.output
      if keepsTrace { traces.append(trace) }
    }
    // (N, T, D·H)
    let states = Kernels.swapLeadingAxes(frames, first: steps, second: sequences, width: output)

    let (width, columns) = (output, input)
    return Tensor(states, shape: [sequences, steps, output], inputs: inputs) { [traces] gradient in
      var gradient = Kernels.swapLeadingAxes(gradient, first: sequences, second: steps, width: width)
      var gradients: [Storage] = []
      for layer in traces.indices.reversed() {
        let result = Kernels.gruLayerPullback(
          traces[layer], shape: shapes[layer], weights: weights[layer], outputGradient: gradient,
          wantsInput: layer > 0 || needsInput)
        gradients = result.weights.flatMap { [$0.input, $0.hidden, $0.inputBias, $0.hiddenBias] } + gradients
        guard let toInput = result.input else { break }
        gradient = toInput
      }
      let toInput =
        needsInput ? Kernels.swapLeadingAxes(gradient, first: steps, second: sequences, width: columns) : nil
      return [toInput] + gradients
    }
  }
}
