import NN
import TensorCore
import Testing

@Suite struct PReLUTests {
  @Test func valuesAndGradients() {
    let store = ParameterStore(seed: 1)
    let layer = PReLU(store.root / "act")
    #expect(store.names == ["act.weight"] && layer.weight.value.values == [0.25])
    layer.weight.value = Tensor([-0.6], shape: [1])
    // None is nearer to the corner than a step of the differences.
    let x = Tensor(sample("x", [3, 5]).values.map { $0 + ($0 < 0 ? -0.05 : 0.05) }, shape: [3, 5])
    let expected = x.values.map { $0 > 0 ? $0 : -0.6 * $0 }
    #expect(relativeDifference(layer(x).values, expected) < 1e-6)
    checkGradients([x], parameters: store.parameters) { layer($0[0]) }
    // At 0 the slope counts, as in PyTorch.
    let zero = Tensor([0], shape: [1]).asVariable()
    #expect(gradients(of: layer(zero).sum())[zero]?.values == [-0.6])
  }
}
