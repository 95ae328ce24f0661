import NN
import TensorCore
import Testing

/// Outputs and gradients against PyTorch's.
@Suite(.enabled(if: !OracleGroup.files("lstm").isEmpty, OracleGroup.missing("lstm")))
struct LSTMOracleTests {
  /// What a group makes of the states of all frames, (N, T, H).
  private static func pooled(_ states: Tensor, _ group: String) throws -> Tensor {
    let (sequences, steps) = (states.shape[0], states.shape[1])
    let frames = states.reshaped([sequences * steps, states.shape[2]])
    func sum() -> Tensor {
      var sum = Tensor.zeros([sequences, states.shape[2]])
      for step in 0..<steps { sum = sum + frames.rows((0..<sequences).map { $0 * steps + step }) }
      return sum
    }
    switch group.split(separator: "_").last {
    case "last": return states.lastStep()
    case "sum": return sum()
    case "mean": return sum() * (1 / Float(steps))
    default:
      Issue.record("no test knows the group \(group)")
      return states
    }
  }

  @Test(arguments: OracleGroup.files("lstm"))
  func outputAndGradients(path: String) throws {
    // (N, C, T, V, M), of which a frame is the row (C, V, M).
    let whole = try OracleGroup(path).tensor("input")
    let (n, c, t, rest) = (whole.shape[0], whole.shape[1], whole.shape[2], whole.shape[3] * whole.shape[4])
    func sequences(_ x: Tensor) -> Tensor {
      var order: [Int] = []
      for sample in 0..<n {
        for frame in 0..<t {
          for channel in 0..<c { order.append((sample * c + channel) * t + frame) }
        }
      }
      return x.reshaped([n * c * t, rest]).rows(order).reshaped([n, t, c * rest])
    }
    let groups = try OracleGroup(path).names(in: "").filter { $0 != "input" }
    #expect(groups.count == 4)
    for name in groups {
      let group = OracleGroup(path, name)
      let names = try group.names(in: "parameters")
      let layers = names.count { $0.contains("weight_ih_l") && !$0.hasSuffix("_reverse") }
      let hidden = try group.tensor("parameters/bi_lstm.weight_hh_l0").shape[1]
      let mode = names.contains { $0.hasSuffix("_reverse") } ? GRUMode.bidirectional : .forward
      let store = ParameterStore(seed: 1)
      let lstm = LSTM(store.root / "bi_lstm", input: c * rest, hidden: hidden, layers: layers, mode: mode)
      try group.load(into: store)

      let input = whole.asVariable()
      let states = lstm(sequences(input))
      expectClose(states, try group.tensor("sequence"), 1e-5, "\(name) sequence")
      let output = try LSTMOracleTests.pooled(states, name)
      expectClose(output, try group.tensor("output"), 1e-5, "\(name) output")
      let found = gradients(of: (output * (try group.tensor("weight"))).sum())
      expectClose(
        try #require(found[input]), try group.tensor("gradients/input"), 1e-4, "\(name) input")
      try group.check(found, of: store, tolerance: 1e-4)
    }
  }
}
