import Kernels
import TensorCore

/// The layers of a recurrent network, whatever its cell: (N, T, inputs) to (N, T, directions · hidden).
///
/// The first state is zero. Each further layer reads the directions of the layer below side by side.
struct RecurrentStack {
  /// One direction of one layer.
  private struct Cell {
    let inputWeight: Parameter  // (GH, I)
    let hiddenWeight: Parameter  // (GH, H)
    let inputBias: Parameter  // (GH)
    let hiddenBias: Parameter  // (GH)
    let runsBackward: Bool

    var parameters: [Parameter] { [inputWeight, hiddenWeight, inputBias, hiddenBias] }

    var weights: RecurrentWeights {
      RecurrentWeights(
        input: inputWeight.value.storage, hidden: hiddenWeight.value.storage,
        inputBias: inputBias.value.storage, hiddenBias: hiddenBias.value.storage, runsBackward: runsBackward)
    }
  }

  /// What a layer made of its frames, time first, and from the gradient of that, if anybody wants it, that of the
  /// frames (nil unless asked for) and of each direction's weights.
  typealias Result = (
    output: Storage,
    pullback:
      @Sendable (_ gradient: Storage, _ wantsInput: Bool) -> (
        input: Storage?, weights: [RecurrentWeightGradients]
      )
  )

  let input: Int
  let hidden: Int
  let mode: GRUMode
  private let layers: [[Cell]]  // layers of directions

  /// Parameters `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, those of the second direction ending in
  /// `_reverse`, then those of the next layer, as PyTorch's. All from U(±1/√hidden), the matrices alternatively
  /// Xavier's.
  init(
    _ scope: Scope, gates: Int, input: Int, hidden: Int, layers: Int, mode: GRUMode, weights: Initialisation
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
            "weight_ih_\(end)", shape: [gates * hidden, columns], initialise: weights.weight(bound: bound)),
          hiddenWeight: scope.parameter(
            "weight_hh_\(end)", shape: [gates * hidden, hidden], initialise: weights.weight(bound: bound)),
          inputBias: scope.parameter("bias_ih_\(end)", shape: [gates * hidden], initialise: uniform(bound)),
          hiddenBias: scope.parameter("bias_hh_\(end)", shape: [gates * hidden], initialise: uniform(bound)),
          runsBackward: runsBackward)
      }
    }
  }

  /// Features of a frame of the output.
  var output: Int { mode.directions.count * hidden }

  /// (N, T, inputs) to (N, T, directions · hidden): the last layer's states of all frames.
  ///
  /// One operation: between the layers everything stays time first, and no step makes a tensor. `layer` runs one of
  /// them over frames (T, N, I) and keeps what its pullback needs where it is told to.
  func callAsFunction(
    _ x: Tensor,
    layer: (_ frames: Storage, _ shape: RecurrentShape, _ weights: [RecurrentWeights], _ keepsTrace: Bool) ->
      Result
  ) -> Tensor {
    precondition(
      x.shape.count == 3 && x.shape[2] == input && x.shape[1] > 0,
      "a recurrent network of (N, T, \(input)) for shape \(x.shape)")
    let (sequences, steps) = (x.shape[0], x.shape[1])
    let inputs = [x] + layers.flatMap { $0.flatMap { $0.parameters.map(\.value) } }
    let keepsTrace = inputs.contains(where: \.isVariable)
    let needsInput = x.isVariable

    // (T, N, I)
    var frames = Kernels.swapLeadingAxes(x.storage, first: sequences, second: steps, width: input)
    var pullbacks: [@Sendable (Storage, Bool) -> (input: Storage?, weights: [RecurrentWeightGradients])] = []
    for (index, cells) in layers.enumerated() {
      let shape = RecurrentShape(
        sequences: sequences, steps: steps, input: index == 0 ? input : output, hidden: hidden)
      let result = layer(frames, shape, cells.map(\.weights), keepsTrace)
      frames = result.output
      if keepsTrace { pullbacks.append(result.pullback) }
    }
    // (N, T, D·H)
    let states = Kernels.swapLeadingAxes(frames, first: steps, second: sequences, width: output)

    let (width, columns) = (output, input)
    return Tensor(states, shape: [sequences, steps, output], inputs: inputs) { [pullbacks] gradient in
      var gradient = Kernels.swapLeadingAxes(gradient, first: sequences, second: steps, width: width)
      var gradients: [Storage] = []
      for layer in pullbacks.indices.reversed() {
        let result = pullbacks[layer](gradient, layer > 0 || needsInput)
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
