import CKernels
import Foundation
import NN
import TensorCore
import Testing

/// One LSTM step in double precision: the gates i, f, g, o, the new cell and the new state.
private func slowStep(
  gates: [Double], recurrent: [Double], inputBias: [Double], hiddenBias: [Double], cell: [Double]
) -> (gates: [Double], cell: [Double], state: [Double]) {
  let hidden = cell.count
  let sums = gates.indices.map { gates[$0] + recurrent[$0] + inputBias[$0] + hiddenBias[$0] }
  let squashed = sums.enumerated().map { index, sum in
    index / hidden == 2 ? tanh(sum) : 1 / (1 + exp(-sum))
  }
  let next = (0..<hidden).map { squashed[hidden + $0] * cell[$0] + squashed[$0] * squashed[2 * hidden + $0] }
  return (squashed, next, (0..<hidden).map { squashed[3 * hidden + $0] * tanh(next[$0]) })
}

@Suite struct LSTMTests {
  @Test(arguments: [1, 2, 3, 7, 8, 16, 19, 33], [0, 1] as [Int32])
  func step(hidden: Int, keeps: Int32) {
    let rows = 3
    let width = 4 * hidden
    let gates = sample("gates", [rows, width]).values
    let recurrent = sample("recurrent", [rows, width]).values
    let inputBias = sample("input", [width]).values
    let hiddenBias = sample("hidden", [width]).values
    let before = sample("cell", [rows, hidden]).values
    var after = gates
    var cell = [Float](repeating: 0, count: rows * hidden)
    var (state, output) = (cell, cell)
    unsafe ck_lstm_step(
      rows, hidden, keeps, &after, width, recurrent, width, inputBias, hiddenBias, before, hidden, &cell,
      hidden,
      &state, hidden, &output, hidden)
    #expect(state == output)
    for row in 0..<rows {
      func slice(_ values: [Float], _ width: Int) -> [Double] {
        values[row * width..<(row + 1) * width].map(Double.init)
      }
      let expected = slowStep(
        gates: slice(gates, width), recurrent: slice(recurrent, width), inputBias: inputBias.map(Double.init),
        hiddenBias: hiddenBias.map(Double.init), cell: slice(before, hidden))
      for (found, wanted) in [(slice(cell, hidden), expected.cell), (slice(state, hidden), expected.state)] {
        for (x, y) in zip(found, wanted) { #expect(abs(x - y) < 1e-6) }
      }
      let kept = keeps == 1 ? expected.gates : slice(gates, width)
      for (x, y) in zip(slice(after, width), kept) { #expect(abs(x - y) < 1e-6) }
    }
  }

  @Test(arguments: GRUMode.allCases, [1, 2])
  func gradients(mode: GRUMode, layers: Int) {
    for (sequences, steps) in [(1, 1), (2, 1), (1, 3), (3, 4)] {
      let store = ParameterStore(seed: 1)
      let layer = LSTM(store.root, input: 3, hidden: 2, layers: layers, mode: mode)
      let x = sample("x", [sequences, steps, 3])
      checkGradients([x], parameters: store.parameters, "N \(sequences), T \(steps)") { layer($0[0]) }
    }
  }

  /// Evaluation, which keeps nothing, gives the same bits.
  @Test(arguments: GRUMode.allCases)
  func withoutGradientsItIsTheSame(mode: GRUMode) {
    let store = ParameterStore(seed: 1)
    let layer = LSTM(store.root, input: 5, hidden: 19, layers: 2, mode: mode)
    let x = sample("x", [40, 6, 5])
    let kept = layer(x).values
    for parameter in store.parameters { parameter.isTrainable = false }
    let output = layer(x)
    #expect(!output.isVariable)
    #expect(output.values == kept)
  }
}
