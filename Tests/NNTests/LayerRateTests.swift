import NN
import TensorCore
import Testing

@Suite struct LayerRateTests {
  private static let rates = LayerRates(
    factor: 0.8, blocks: "vit.blocks.", depth: 8,
    first: ["vit.joints_embed.", "vit.pos_embed", "vit.temp_embed"])

  @Test(arguments: [
    ("vit.joints_embed.proj.weight", 9), ("vit.pos_embed", 9), ("vit.temp_embed", 9),
    ("vit.blocks.0.attn.qkv.weight", 8), ("vit.blocks.7.norm1.bias", 1), ("vit.norm.weight", 0),
    ("head.fc.weight", 0),
  ])
  func theFurtherDownTheLess(name: String, steps: Int) {
    let expected = (0..<steps).reduce(1.0) { product, _ in product * 0.8 }
    #expect(abs(Double(LayerRateTests.rates.share(of: name)) - expected) < 1e-6)
  }

  /// A block of two digits is not the one of its first.
  @Test func blocksAreNumbers() {
    let rates = LayerRates(factor: 0.5, blocks: "blocks.", depth: 12, first: [])
    #expect(rates.share(of: "blocks.1.weight") == 0x1p-11)
    #expect(rates.share(of: "blocks.11.weight") == 0.5)
  }

  @Test(arguments: OptimizerSettings.Kind.allCases)
  func aStepOfLayersIsAStepOfEachAtItsRate(kind: OptimizerSettings.Kind) throws {
    var settings = OptimizerSettings()
    settings.kind = kind
    let names = ["vit.pos_embed", "vit.blocks.3.weight", "vit.blocks.7.weight", "head.weight"]
    func model() -> ParameterStore {
      let store = ParameterStore(seed: 4)
      for name in names { _ = store.parameter(name, shape: [2, 3], initialise: uniform(1)) }
      return store
    }
    func found(_ store: ParameterStore) -> Gradients {
      var loss = Tensor(scalar: 0)
      for parameter in store.parameters {
        loss = loss + (parameter.value * sample(parameter.name, [2, 3])).sum()
      }
      return gradients(of: loss)
    }
    let (together, apart) = (model(), model())
    var optimizer = settings.optimizer()
    var others = settings.optimizer()
    for _ in 0..<3 {
      optimizer.step(
        parameters: together.parameters, gradients: found(together), rate: 0.1, scale: 0.5,
        layers: LayerRateTests.rates)
      let gradients = found(apart)
      for (parameter, share) in zip(apart.parameters, [0.134217728, 0.32768, 0.8, 1] as [Float]) {
        others.step(parameters: [parameter], gradients: gradients, rate: 0.1 * share, scale: 0.5)
      }
    }
    for (a, b) in zip(together.parameters, apart.parameters) {
      #expect(relativeDifference(a.value.values, b.value.values) < 1e-6, "\(a.name)")
    }
    #expect(optimizer.state.count == others.state.count)
  }

  /// Of four kinds of parameters without a gradient's push, those that have weight decay shrink.
  @Test(arguments: OptimizerSettings.Kind.allCases, [true, false])
  func vectorsAreSparedWeightDecay(kind: OptimizerSettings.Kind, decaysVectors: Bool) throws {
    let store = ParameterStore(seed: 1)
    for (name, shape) in [
      ("fc.weight", [2, 2]), ("fc.bias", [2]), ("norm.weight", [2]), ("pos_embed", [1, 1, 2]),
      ("grid.bias", [2, 2]),
    ] {
      _ = store.parameter(name, shape: shape, initialise: constant(1))
    }
    var loss = Tensor(scalar: 0)
    for parameter in store.parameters { loss = loss + (parameter.value * 0).sum() }
    let found = gradients(of: loss)
    var settings = OptimizerSettings()
    (settings.kind, settings.weightDecay, settings.decaysVectors) = (kind, 0.5, decaysVectors)
    var optimizer = settings.optimizer()
    optimizer.step(parameters: store.parameters, gradients: found, rate: 0.1, scale: 1)
    let shrunk = store.parameters.filter { $0.value.values[0] < 1 }.map(\.name)
    #expect(shrunk == (decaysVectors ? store.names : ["fc.weight", "pos_embed"]))
    if kind == .adamw {
      let weight = try #require(store["fc.weight"]).value.values[0]
      #expect(abs(weight - 0.95) < 1e-6)
    }
  }
}
