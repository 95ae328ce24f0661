import Encoders
import Methods
import NN
import TensorCore
import Testing

@Suite(.enabled(if: !BackboneOracles.files("hcn").isEmpty, BackboneOracles.missing("hcn")))
struct HCNOracleTests {
  @Test(arguments: BackboneOracles.files("hcn"))
  func outputsAndGradients(path: String) throws {
    let oracle = try BackboneOracle(path)
    let clips = try oracle.clips().asVariable()
    var settings = HCNSettings()
    settings.frames = clips.shape[2]
    settings.width = try oracle.tensor("parameters/conv1.0.weight").shape[0]
    settings.dropout = 0
    let store = ParameterStore(seed: 1)
    let backbone = HCN(store.root, settings, joints: clips.shape[3])
    let classifier = Linear(
      store.root / "fc", from: backbone.featureCount, to: try oracle.tensor("output").shape[1])
    try oracle.fill(store)
    let evaluated = classifier(backbone(clips, .evaluation))
    expectNear(evaluated, try oracle.tensor("output_eval"), 1e-4, "output in evaluation")
    let feature = backbone(clips, .adapting)
    let output = classifier(feature)
    expectNear(feature, try oracle.tensor("feature"), 1e-4, "feature")
    expectNear(output, try oracle.tensor("output"), 1e-4, "output")
    let found = gradients(of: output, seed: try oracle.tensor("weight"))
    try oracle.checkGradients(found, store, input: clips)
  }
}

@Suite struct HCNTests {
  @Test func publishedParameterCount() {
    let store = ParameterStore(seed: 1)
    let backbone = HCN(store.root, joints: 25)
    #expect(store.parameterCount == 519_424)
    #expect(backbone.featureCount == 4096)
    // With the head of two linear layers that compares its features.
    _ = Linear(store.root / "fc" / "0", from: backbone.featureCount, to: backbone.featureCount)
    _ = Linear(store.root / "fc" / "2", from: backbone.featureCount, to: 128)
    #expect(store.parameterCount == 519_424 + 17_305_728)
  }

  @Test func firstValues() throws {
    let store = ParameterStore(seed: 1)
    _ = HCN(store.root, joints: 25)
    // U(±√(6 / (128 · 9 + 256 · 9))), of which nearly all of the range is drawn.
    let weights = try #require(store["conv6.0.weight"]).value.values
    let bound: Float = (6 / (384 * 9 as Float)).squareRoot()
    let largest = weights.map(abs).max() ?? 0
    #expect(largest <= bound && largest > 0.999 * bound)
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Float(weights.count)
    #expect(abs(variance / (bound * bound / 3) - 1) < 0.02)
    for parameter in store.parameters where parameter.name.hasSuffix("bias") {
      #expect(parameter.value.values.allSatisfy { $0 == 0 }, "\(parameter.name)")
    }
  }

  @Test func otherBodiesAndWhatTrainingDrops() {
    // Three bodies of four joints, two coordinates, 32 frames.
    var settings = HCNSettings()
    (settings.frames, settings.coordinates, settings.width) = (32, 2, 4)
    let backbone = HCN(ParameterStore(seed: 1).root, settings, joints: 4)
    let x = sampleClips([2, 3, 32, 4, 2])
    let feature = backbone(x, .evaluation)
    #expect(feature.shape == [2, 4 * 4 * 4])
    // The order of bodies makes no difference.
    #expect(backbone(x.gathered(axis: 1, [2, 0, 1]), .evaluation).values == feature.values)
    let first = backbone(x, Pass(seed: 1, epoch: 1, batch: 1, view: "query")).values
    #expect(backbone(x, Pass(seed: 1, epoch: 1, batch: 1, view: "query")).values == first)
    #expect(backbone(x, Pass(seed: 1, epoch: 1, batch: 2, view: "query")).values != first)
  }
}
