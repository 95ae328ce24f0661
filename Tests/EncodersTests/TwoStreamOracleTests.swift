import Batches
import Encoders
import Methods
import NN
import Skeleton
import TensorCore
import Testing

/// UmURL's step against its own program: tokens, embeddings, terms of the loss and all gradients.
@Suite(.enabled(if: !BackboneOracles.files("two_stream").isEmpty, BackboneOracles.missing("two_stream")))
struct TwoStreamOracleTests {
  /// Two linear layers with norms and one without.
  private struct Projector {
    let layers: [Linear]
    let norms: [BatchNorm1d]

    init(_ scope: Scope, _ oracle: BackboneOracle) throws {
      layers = try ["0", "3", "6"].map { number in
        let shape = try oracle.tensor("parameters/\(scope.path).\(number).weight").shape
        return Linear(scope / number, from: shape[1], to: shape[0])
      }
      norms = zip(["1", "4"], layers).map { BatchNorm1d(scope / $0, features: $1.bias.value.count) }
    }

    func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
      layers[2](zip(layers, norms).reduce(x) { $1.1($1.0($0), pass).relu() })
    }
  }

  private static func bones(_ x: Tensor) -> Tensor { x - x.gathered(axis: 3, Kinect25.parents) }

  private static func motion(_ x: Tensor) -> Tensor {
    let last = x.shape[2] - 1
    return (x.sliced(axis: 2, 1..<last + 1) - x.sliced(axis: 2, 0..<last)).padded(
      axis: 2, before: 0, after: 1)
  }

  @Test(arguments: BackboneOracles.files("two_stream"))
  func tokensTermsAndGradients(path: String) throws {
    let oracle = try BackboneOracle(path)
    let views = try (1...4).map { try oracle.clips("inputs/view\($0)").asVariable() }  // (N, M, T, V, C)
    var settings = UmURLEncoderSettings()
    settings.frames = views[0].shape[2]
    settings.width = try oracle.tensor("parameters/backbone.mm_fusion.t_fusion.0.weight").shape[0]
    let store = ParameterStore(seed: 1)
    let encoder = UmURLEncoder(
      store.root / "backbone", settings, bodies: views[0].shape[1], joints: views[0].shape[3])
    let projectors = try ["j", "b", "m"].map { try Projector(store.root / "\($0)_projector", oracle) }
    expectNear(
      try #require(store["backbone.ma_encoder.pe.pe"]).value,
      try oracle.tensor("buffers/backbone.ma_encoder.pe.pe"), 1e-4, "positions")
    try oracle.fill(store)

    let tokens = TokenStreams(of: views[3])
    expectNear(
      tokens.temporal, try oracle.tensor("evaluation/joint_temporal_tokens"), 1e-6, "tokens of frames")
    expectNear(
      tokens.spatial, try oracle.tensor("evaluation/joint_spatial_tokens"), 1e-6, "tokens of joints")

    func fused(_ pass: Pass) -> Tensor {
      encoder.fused(joint: views[3], bone: Self.bones(views[3]), motion: Self.motion(views[3]), pass)
    }
    expectNear(fused(.evaluation), try oracle.tensor("evaluation/feature"), 1e-4, "feature")
    let all = fused(.adapting)
    let together = projectors.map { $0(all, .adapting) }
    let alone = [
      projectors[0](encoder(views[0], .joint, .adapting), .adapting),
      projectors[1](encoder(Self.bones(views[1]), .bone, .adapting), .adapting),
      projectors[2](encoder(Self.motion(views[2]), .motion, .adapting), .adapting),
    ]
    for (number, name) in ["joint", "bone", "motion"].enumerated() {
      expectNear(alone[number], try oracle.tensor("outputs/z_\(name)"), 1e-4, name)
      expectNear(together[number], try oracle.tensor("outputs/z_fused_\(name)"), 1e-4, "fused \(name)")
    }

    func distance(_ a: Tensor, _ b: Tensor) -> Tensor { (a - b).square().mean() }
    func spread(_ z: Tensor) -> Tensor { varianceHinge(z) * 5 + covariancePenalty(z) }
    func total(_ terms: [Tensor]) -> Tensor { terms.reduce(Tensor(scalar: 0), +) }
    let centre = total(alone) * (1 / 3)
    let intra = total(zip(alone, together).map(distance))
    let inter = total(alone.map { distance($0, centre) })
    let regulariser = total((alone + together).map(spread))
    let loss = (intra + inter) * 5 + regulariser
    expectNear(intra, try oracle.tensor("terms/intra"), 1e-4, "intra")
    expectNear(inter, try oracle.tensor("terms/inter"), 1e-4, "inter")
    expectNear(regulariser, try oracle.tensor("terms/regulariser"), 1e-4, "regulariser")
    expectNear(loss, try oracle.tensor("loss"), 1e-4, "loss")
    let inputs = Dictionary(uniqueKeysWithValues: views.enumerated().map { ("inputs/view\($0 + 1)", $1) })
    #expect(try oracle.misses(gradients(of: loss), store, inputs: inputs, group: "gradients") == [])
  }
}
