import Encoders
import Methods
import NN
import TensorCore
import Testing

@Suite(.enabled(if: !BackboneOracles.files("sttformer").isEmpty, BackboneOracles.missing("sttformer")))
struct STTFormerOracleTests {
  /// The sizes of a file's parameters.
  private static func settings(_ oracle: BackboneOracle, _ clips: Tensor) throws -> STTFormerSettings {
    func shape(_ name: String) throws -> [Int] { try oracle.tensor("parameters/\(name)").shape }
    var settings = STTFormerSettings()
    settings.heads = try shape("blocks.0.alphas")[1]
    settings.frames = clips.shape[2]
    settings.span = try shape("blocks.0.att0s")[2] / clips.shape[3]
    settings.tupleKernel = try shape("blocks.0.out_nett.0.weight")[2]
    settings.placeKernel = try shape("blocks.0.out_nets.0.weight")[3]
    let count = try oracle.names("parameters").count { $0.hasSuffix("alphas") }
    settings.blocks = try (0..<count).map { number in
      let embedding = try shape("blocks.\(number).to_qkvs.weight")
      return STTFormerSettings.Block(
        from: embedding[1], to: try shape("blocks.\(number).ff_net.0.weight")[0],
        keys: embedding[0] / (2 * settings.heads))
    }
    return settings
  }

  @Test(arguments: BackboneOracles.files("sttformer"))
  func outputsStatisticsAndGradients(path: String) throws {
    let oracle = try BackboneOracle(path)
    let clips = try oracle.clips("inputs/x").asVariable()
    let store = ParameterStore(seed: 1)
    let backbone = STTFormer(store.root, try Self.settings(oracle, clips), joints: clips.shape[3])
    let classifier = Linear(
      store.root / "fc", from: backbone.featureCount, to: try oracle.tensor("outputs/logits").shape[1])
    expectNear(
      try #require(store["blocks.0.pes.pe"]).value, try oracle.tensor("outputs/position_table"), 1e-4,
      "positions")
    try oracle.fill(store)
    let logits = classifier(backbone(clips, .adapting))
    expectNear(logits, try oracle.tensor("outputs/logits"), 1e-4, "logits")
    try oracle.checkStatistics(store, group: "outputs/running")
    let weight = try oracle.tensor("inputs/weight")
    expectNear((logits * weight).sum(), try oracle.tensor("loss"), 1e-4, "loss")
    let found = gradients(of: logits, seed: weight)
    #expect(try oracle.misses(found, store, inputs: ["inputs/x": clips], group: "gradients") == [])
    // The statistics are those that the pass above left.
    let feature = backbone(clips, .evaluation)
    expectNear(feature, try oracle.tensor("outputs/evaluation_feature"), 1e-4, "feature in evaluation")
    expectNear(
      classifier(feature), try oracle.tensor("outputs/evaluation_logits"), 1e-4, "logits in evaluation")
  }
}

@Suite struct STTFormerTests {
  @Test func publishedParameterCount() {
    let store = ParameterStore(seed: 1)
    let backbone = STTFormer(store.root, joints: 25)
    #expect(store.parameterCount == 6_218_168)
    // The published number is that with the classifier of 60 actions.
    _ = Linear(store.root / "fc", from: backbone.featureCount, to: 60)
    #expect(store.parameterCount == 6_233_588)
  }

  @Test func firstValues() throws {
    let store = ParameterStore(seed: 1)
    _ = STTFormer(store.root, joints: 25)
    func values(_ name: String) throws -> [Float] { try #require(store[name]).value.values }
    // N(0, 2 / (256 · 5)) and U(±1/√(3 · 256 · 5)).
    let weights = try values("blocks.7.out_nets.0.weight")
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Float(weights.count)
    #expect(abs(variance * 640 - 1) < 0.02)
    let bound = 1 / (3840 as Float).squareRoot()
    let largest = try values("blocks.7.out_nets.0.bias").map(abs).max() ?? 0
    #expect(largest <= bound && largest > 0.9 * bound)
    #expect(try values("blocks.2.alphas") == [1, 1, 1])
    #expect(try values("blocks.2.att0s").allSatisfy { $0 == 1 / 150 })
    #expect(try values("blocks.2.rest.1.weight").allSatisfy { $0 == 1 })
  }

  @Test func otherBodies() {
    // Three bodies of four joints, two coordinates, five tuples of two frames.
    var settings = STTFormerSettings()
    (settings.frames, settings.span, settings.coordinates, settings.heads) = (10, 2, 2, 2)
    settings.blocks = [.init(from: 4, to: 4, keys: 2), .init(from: 4, to: 6, keys: 3)]
    let backbone = STTFormer(ParameterStore(seed: 1).root, settings, joints: 4)
    let x = sampleClips([2, 3, 10, 4, 2])
    #expect(backbone.map(x, .adapting).shape == [2, 3, 5, 8, 6])
    #expect(backbone(x, .evaluation).shape == [2, 6])
  }
}
