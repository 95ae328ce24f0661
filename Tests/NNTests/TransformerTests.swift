import NN
import TensorCore
import Testing

@Suite struct TransformerTests {
  @Test(arguments: [Attention.Form.timm, .torch], [true, false])
  func attentionGradients(form: Attention.Form, hasBias: Bool) {
    let store = ParameterStore(seed: 1)
    let layer = Attention(store.root, width: 4, heads: 2, hasBias: hasBias, form: form)
    #expect(store.names.count == (hasBias ? 4 : 3))
    for parameter in store.parameters { parameter.value = sample(parameter.name, parameter.value.shape) }
    let mask = sampleMask("mask", [2, 1, 3]).hiding()
    checkGradients([sample("x", [2, 3, 4])], parameters: store.parameters) { layer($0[0], mask: mask) }
  }

  @Test func blockGradients() {
    let store = ParameterStore(seed: 1)
    let block = TransformerBlock(store.root, width: 4, heads: 2, inner: 6)
    for parameter in store.parameters { parameter.value = sample(parameter.name, parameter.value.shape) }
    checkGradients([sample("x", [2, 3, 4])], parameters: store.parameters, step: 1 / 512, tolerance: 5e-3) {
      block($0[0], .evaluation)
    }
  }

  /// Matrices start from Xavier's distribution, biases from 0, norms from the identity; PyTorch's block has its last
  /// products and linear layers as a linear layer has them.
  @Test func startValues() throws {
    let store = ParameterStore(seed: 1)
    _ = TransformerBlock(store.root / "pre", width: 32, heads: 4, inner: 128)
    _ = PostNormBlock(store.root / "post", width: 32, heads: 4, inner: 64)
    // Each bound's square: 6 / (inputs + outputs) after Xavier, 1 / inputs of a linear layer.
    let squares: [String: Float] = [
      "pre.attn.qkv.weight": 0.046875, "pre.attn.proj.weight": 0.09375, "pre.mlp.fc1.weight": 0.0375,
      "pre.mlp.fc2.weight": 0.0375, "post.self_attn.in_proj_weight": 0.046875,
      "post.self_attn.out_proj.weight": 0.03125, "post.linear1.weight": 0.03125, "post.linear1.bias": 0.03125,
      "post.linear2.weight": 0.015625, "post.linear2.bias": 0.015625,
    ]
    for parameter in store.parameters {
      let values = parameter.value.values
      if let bound = squares[parameter.name]?.squareRoot() {
        let largest = values.map { abs($0) }.max() ?? 0
        #expect(largest <= bound && largest > 0.9 * bound, "\(parameter.name) reaches \(largest) of \(bound)")
      } else {
        let expected: Float = parameter.name.contains("norm") && parameter.name.hasSuffix("weight") ? 1 : 0
        #expect(values == [Float](repeating: expected, count: values.count), "\(parameter.name)")
      }
    }
  }

  /// A row of the table is its step's and its joint's, and both tables get the sums of its gradients.
  @Test func positionsOfAGrid() throws {
    let store = ParameterStore(seed: 1)
    let table = PositionTable(store.root, prefix: "decoder_", steps: 2, joints: 3, width: 4)
    #expect(store.names == ["decoder_pos_embed", "decoder_temp_embed"])
    #expect(table.joints.value.shape == [1, 1, 3, 4] && table.steps.value.shape == [1, 2, 1, 4])
    let rows = table()
    #expect(rows.shape == [6, 4])
    let (joints, steps) = (table.joints.value.values, table.steps.value.values)
    for (index, value) in rows.values.enumerated() {
      let (token, i) = (index / 4, index % 4)
      #expect(value == steps[token / 3 * 4 + i] + joints[token % 3 * 4 + i])
    }
    checkGradients([], parameters: store.parameters) { _ in table() }
    let many = ParameterStore(seed: 2)
    _ = PositionTable(many.root, steps: 100, joints: 25, width: 40)
    let values = try #require(many["temp_embed"]).value.values
    let squares = values.map { $0 * $0 }
    let deviation = (squares.reduce(0, +) / Float(values.count)).squareRoot()
    #expect(abs(deviation - 0.02) < 0.001)
  }

  /// In training a sample's branch is all there or not at all, in two draws of their own.
  @Test func branchesAreDroppedInTraining() {
    let store = ParameterStore(seed: 1)
    let block = TransformerBlock(store.root / "block", width: 4, heads: 2, inner: 8, dropPath: 0.5)
    for parameter in store.parameters { parameter.value = sample(parameter.name, parameter.value.shape) }
    let x = sample("x", [64, 3, 4])
    let pass = Pass(seed: 1, epoch: 2, batch: 3, view: "query")
    let (trained, again, evaluated) = (block(x, pass), block(x, pass), block(x, .evaluation))
    #expect(trained.values == again.values)
    func same(_ a: Tensor, _ b: Tensor) -> Int {
      (0..<64).count { a.rows([$0]).values == b.rows([$0]).values }
    }
    let untouched = same(trained, x)
    #expect((6...26).contains(untouched), "\(untouched) of 64 samples lost both branches, a quarter is due")
    #expect(same(trained, evaluated) == 0)
    let other = block(x, Pass(seed: 1, epoch: 2, batch: 4, view: "query"))
    #expect(other.values != trained.values)
  }
}
