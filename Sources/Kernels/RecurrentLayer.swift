/// The sizes of one recurrent layer: `sequences` N, `steps` T, `input` I, `hidden` H.
public struct RecurrentShape: Sendable {
  let sequences: Int
  let steps: Int
  let input: Int
  let hidden: Int

  /// Sizes N, T, I, H.
  public init(sequences: Int, steps: Int, input: Int, hidden: Int) {
    (self.sequences, self.steps, self.input, self.hidden) = (sequences, steps, input, hidden)
  }

  var rows: Int { sequences * steps }

  /// Sequences that one task carries through all time steps: a fixed number, so that nothing depends on the
  /// threads, and fewer where only one direction is there to share the work.
  func block(directions: Int) -> Int { directions > 1 ? 64 : 32 }
}

/// What one direction of a recurrent layer learns: of a GRU G = 3 gates in the order r, z, n, of an LSTM 4 in the
/// order i, f, g, o.
public struct RecurrentWeights: Sendable {
  let input: Storage  // (GH, I)
  let hidden: Storage  // (GH, H)
  let inputBias: Storage  // (GH)
  let hiddenBias: Storage  // (GH)
  let runsBackward: Bool

  /// Weights (GH, I) and (GH, H), biases (GH) each; `runsBackward`: from the last time step to the first.
  public init(input: Storage, hidden: Storage, inputBias: Storage, hiddenBias: Storage, runsBackward: Bool) {
    (self.input, self.hidden, self.inputBias, self.hiddenBias) = (input, hidden, inputBias, hiddenBias)
    self.runsBackward = runsBackward
  }

  /// The frame that the step with this number works on.
  func frame(_ step: Int, of steps: Int) -> Int { runsBackward ? steps - 1 - step : step }
}

/// The gradients of one direction's weights, shaped like them.
public struct RecurrentWeightGradients: Sendable {
  /// (GH, I)
  public let input: Storage
  /// (GH, H)
  public let hidden: Storage
  /// (GH)
  public let inputBias: Storage
  /// (GH)
  public let hiddenBias: Storage
}

/// The recurrent weights (GH, H), or transposed (H, GH), of each direction, packed for products from the left.
func packRecurrentWeights(_ weights: [RecurrentWeights], gates: Int, hidden: Int, transposed: Bool)
  -> [PackedMatrix]
{
  weights.map { weights in
    let matrix = unsafe Matrix(weights.hidden, stride: hidden)
    return unsafe transposed
      ? PackedMatrix(matrix.transposed, depth: hidden, columns: gates * hidden)
      : PackedMatrix(matrix, depth: gates * hidden, columns: hidden)
  }
}
