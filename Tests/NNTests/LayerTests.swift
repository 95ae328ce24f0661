import NN
import TensorCore
import Testing

@Suite struct LayerTests {
  @Test(arguments: [[1, 3], [4, 3], [2, 5, 3]])
  func linear(shape: [Int]) {
    let store = ParameterStore(seed: 1)
    let layer = Linear(store.root / "fc", from: 3, to: 2)
    #expect(store.names == ["fc.weight", "fc.bias"])
    checkGradients([sample("x", shape)], parameters: store.parameters) { layer($0[0]) }
  }

  @Test(arguments: [[2, 3], [5, 1], [3, 4, 2]], [true, false])
  func batchNorm(shape: [Int], training: Bool) {
    let store = ParameterStore(seed: 1)
    let layer = BatchNorm1d(store.root / "bn", features: shape[shape.count - 1])
    for parameter in store.parameters { parameter.value = sample(parameter.name, parameter.value.shape) }
    // Evaluation that follows training normalizes by what that has tracked.
    if !training { _ = layer(sample("before", shape), training: true) }
    checkGradients([sample("x", shape)], parameters: store.parameters, step: 1 / 512, tolerance: 1e-2) {
      layer($0[0], training: training)
    }
  }

  @Test func batchNormTracksTheUnbiasedVariance() throws {
    let store = ParameterStore(seed: 1)
    let layer = BatchNorm1d(store.root / "bn", features: 2)
    #expect(store.parameters.map(\.name) == ["bn.weight", "bn.bias"])
    #expect(store.buffers.map(\.name) == ["bn.running_mean", "bn.running_var", "bn.num_batches_tracked"])
    layer.weight.value = Tensor([2, 3], shape: [2])
    layer.bias.value = Tensor([1, -1], shape: [2])
    let y = layer(Tensor([1, 10, 3, 10, 5, 40], shape: [3, 1, 2]), training: true)
    // Column 0: mean 3, variance 8/3; column 1: mean 20, variance 200.
    let deviations: [Float] = [(8 / 3 + 1e-5 as Float).squareRoot(), (200 + 1e-5 as Float).squareRoot()]
    let expected: [Float] = [
      -2 / deviations[0] * 2 + 1, -10 / deviations[1] * 3 - 1, 1, -10 / deviations[1] * 3 - 1,
      2 / deviations[0] * 2 + 1, 20 / deviations[1] * 3 - 1,
    ]
    #expect(relativeDifference(y.values, expected) < 1e-6)
    #expect(relativeDifference(layer.runningMean.value.values, [0.3, 2]) < 1e-6)
    #expect(relativeDifference(layer.runningVariance.value.values, [0.9 + 0.4, 0.9 + 30]) < 1e-6)
    #expect(layer.batchesTracked.value.scalar == 1)

    let x = Tensor([1, 2], shape: [1, 2])
    let evaluated = layer(x, training: false).values
    let byHand: [Float] = [
      (1 - 0.3) / (1.3 + 1e-5 as Float).squareRoot() * 2 + 1, (2 - 2) / (30.9 as Float).squareRoot() * 3 - 1,
    ]
    #expect(relativeDifference(evaluated, byHand) < 1e-6)
    #expect(layer.batchesTracked.value.scalar == 1)
  }

  @Test func anOffsetIsNormalizedAndNotTracked() {
    let store = ParameterStore(seed: 1)
    let layers = ["plain", "offset"].map { BatchNorm1d(store.root / $0, features: 3) }
    let (x, offset) = (sample("x", [5, 2, 3]), Tensor([4, -2, 0.5], shape: [1, 1, 3]))
    let plain = layers[0](x, training: true)
    let shifted = layers[1](x + offset, training: true, offset: offset)
    #expect(relativeDifference(shifted.values, plain.values) < 1e-5)
    #expect(
      relativeDifference(layers[1].runningMean.value.values, layers[0].runningMean.value.values) < 1e-5)
  }

  @Test(arguments: GRUMode.allCases, [1, 2])
  func gru(mode: GRUMode, layers: Int) {
    for (sequences, steps) in [(1, 1), (2, 1), (1, 3), (3, 4)] {
      let store = ParameterStore(seed: 1)
      let layer = GRU(store.root, input: 3, hidden: 2, layers: layers, mode: mode)
      let x = sample("x", [sequences, steps, 3])
      checkGradients([x], parameters: store.parameters, "N \(sequences), T \(steps)") { layer($0[0]) }
    }
  }

  @Test func gruWithoutInputGradientHasTheSameWeightGradients() throws {
    let store = ParameterStore(seed: 1)
    let layer = GRU(store.root / "gru", input: 3, hidden: 4, layers: 2, mode: .stepwise)
    let x = sample("x", [2, 3, 3])
    let all = gradients(of: layer(x.asVariable()).sum())
    let some = gradients(of: layer(x).sum())
    for parameter in store.parameters {
      #expect(try #require(all[parameter.value]).values == #require(some[parameter.value]).values)
    }
    store.parameters.forEach { $0.isTrainable = false }
    #expect(!layer(x).isVariable)
    #expect(layer(x.asVariable()).isVariable)
  }

  @Test func inferenceEqualsTraining() {
    let store = ParameterStore(seed: 1)
    let layer = GRU(store.root, input: 5, hidden: 19, layers: 2, mode: .bidirectional)
    let x = sample("x", [70, 3, 5])
    let trained = layer(x).values
    store.parameters.forEach { $0.isTrainable = false }
    #expect(layer(x).values == trained)
  }

  @Test func parametersDependOnSeedAndNameAlone() throws {
    func store(seed: UInt64, before: Bool) -> ParameterStore {
      let store = ParameterStore(seed: seed)
      if before { _ = Linear(store.root / "other", from: 3, to: 3) }
      _ = Linear(store.root / "fc", from: 3, to: 3)
      return store
    }
    let (a, b, c) = (
      store(seed: 1, before: false), store(seed: 1, before: true), store(seed: 2, before: true)
    )
    #expect(try #require(a["fc.weight"]).value.values == #require(b["fc.weight"]).value.values)
    #expect(try #require(a["fc.weight"]).value.values != #require(c["fc.weight"]).value.values)
    #expect(try #require(b["other.weight"]).value.values != #require(b["fc.weight"]).value.values)
    #expect(a["missing"] == nil)
  }

  @Test func initialValuesStayWithinTheirBounds() throws {
    let store = ParameterStore(seed: 1)
    _ = GRU(store.root / "default", input: 100, hidden: 16, layers: 1, mode: .forward)
    _ = GRU(store.root / "xavier", input: 100, hidden: 16, layers: 1, mode: .forward, weights: .xavierUniform)
    func largest(_ name: String) throws -> Float {
      try #require(store[name]).value.values.map(abs).max() ?? 0
    }
    let xavier = (6 / Float(100 + 48)).squareRoot()
    #expect(try largest("default.weight_ih_l0") <= 0.25 && largest("default.weight_ih_l0") > 0.24)
    #expect(try largest("xavier.weight_ih_l0") <= xavier && largest("xavier.weight_ih_l0") > 0.98 * xavier)
    #expect(try largest("xavier.bias_ih_l0") <= 0.25)
  }
}
