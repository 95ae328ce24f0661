import Encoders
import Methods
import NN
import TensorCore
import Testing

/// GL-Transformer against its own program: frames, guesses of displacements, losses and all gradients.
@Suite(
  .enabled(if: !BackboneOracles.files("gl_transformer").isEmpty, BackboneOracles.missing("gl_transformer")))
struct GLTransformerOracleTests {
  static let tolerance: Float = 1e-4
  static let padding: Float = 99.9

  private static func size(_ oracle: BackboneOracle) throws -> GLTransformer.Size {
    let raw = try oracle.tensor("inputs/raw").shape  // (N, C, T, V, M)
    var size = GLTransformer.Size(joints: raw[3], bodies: raw[4], root: 20)
    size.frames = raw[2]
    let embedding = try oracle.tensor("parameters/transformer.emb.weight").shape
    (size.width, size.channels) = (embedding[0], embedding[1])
    (size.depth, size.heads) = (2, 2)
    let inner = try oracle.tensor("parameters/transformer.encoder_blocks.0.feedforward.fc1.bias").count
    size.expansion = inner / size.features
    return size
  }

  /// The mean cross entropy of some joints of each frame that is no padding; logits (N, T, I, V M, K), labels (N, T, I · V M).
  ///
  /// The official program takes for the root that of the first interval alone; those of the others count as joints.
  private static func crossEntropy(
    _ logits: Tensor, _ labels: [Int], counts: [Int], _ size: GLTransformer.Size, ofRoot: Bool
  ) -> Tensor {
    let (frames, width) = (logits.shape[1], logits.shape[2] * logits.shape[3])
    let places = (0..<logits.shape[0] * frames * width).filter { place in
      let (clip, frame) = (place / width / frames, place / width % frames)
      return frame < counts[clip] && (place % width / size.bodies == size.root) == ofRoot
    }
    let rows = logits.reshaped([labels.count, logits.shape[4]]).rows(places)
    return softmaxCrossEntropy(rows, labels: places.map { labels[$0] })
  }

  @Test(arguments: BackboneOracles.files("gl_transformer"))
  func displacements(path: String) throws {
    let oracle = try BackboneOracle(path)
    let size = try Self.size(oracle)
    let store = ParameterStore(seed: 1)
    let backbone = GLTransformer(store.root / "transformer", size)
    let heads = DisplacementHeads(store.root, features: size.features, tokens: size.tokens, intervals: 2)
    try oracle.fill(store)

    let position = try oracle.tensor("inputs/position")  // (N, C, T, V M)
    let (n, t) = (position.shape[0], position.shape[2])
    let clips = position.reshaped([n, size.channels, t, size.joints, size.bodies]).permuted([0, 4, 2, 3, 1])
    let first = position.sliced(axis: 1, 0..<1).sliced(axis: 3, 0..<1).values  // (N, T)
    let counts = (0..<n).map { clip in (0..<t).count { first[clip * t + $0] != Self.padding } }
    #expect(counts.contains(t) && counts.contains { $0 < t })

    let frames = backbone(clips, counts: counts, .adapting)
    expectNear(frames, try oracle.tensor("outputs/encoded"), Self.tolerance, "frames")
    expectNear(
      backbone.pooled(frames, counts: counts), try oracle.tensor("outputs/evaluation_feature"),
      Self.tolerance, "feature")
    let guesses = heads(frames)
    func flat(_ logits: Tensor) -> Tensor {
      logits.reshaped([n, t, logits.shape[2] * size.tokens, logits.shape[4]]).permuted([0, 3, 1, 2])
    }
    expectNear(flat(guesses.directions), try oracle.tensor("outputs/direction"), Self.tolerance, "directions")
    expectNear(flat(guesses.lengths), try oracle.tensor("outputs/magnitude"), Self.tolerance, "lengths")

    var loss = Tensor(scalar: 0)
    for (name, logits) in [("direction", guesses.directions), ("magnitude", guesses.lengths)] {
      let labels = try oracle.integers("outputs/\(name)_target")
      for (part, ofRoot, weight) in [("global", true, Float(0.05)), ("joints", false, 1)] {
        let term = Self.crossEntropy(logits, labels, counts: counts, size, ofRoot: ofRoot)
        expectNear(term, try oracle.tensor("terms/\(name)_\(part)"), Self.tolerance, "\(name) of \(part)")
        loss = loss + term * weight
      }
    }
    expectNear(loss, try oracle.tensor("loss"), Self.tolerance, "loss")
    let found = gradients(of: loss)
    let matrices = store.names.filter { $0.contains("_pred_list") && $0.hasSuffix("weight") }
    let token = try #require(store["transformer.pred_token_emb"])
    #expect(found[token.value] == nil)
    let compared = Set(store.parameters.map(\.name)).subtracting(matrices + [token.name])
    #expect(Set(try oracle.names("gradients")).isSuperset(of: compared))
    #expect(try oracle.misses(found, store, where: compared.contains) == [])
    for name in matrices {
      let matrix = try #require(store[name])
      let gradient = try #require(found[matrix.value], "\(name)")  // (outputs, inputs)
      expectNear(
        gradient.sum(axes: [1]), try oracle.tensor("gradients/\(name).sum_over_inputs"), Self.tolerance, name)
      // Over all classes they add up to 0 but for rounding.
      let sums = gradient.sum(axes: [0]) - (try oracle.tensor("gradients/\(name).sum_over_outputs"))
      let largest = gradient.values.map(abs).max() ?? 0
      #expect(sums.values.allSatisfy { abs($0) <= 1e-5 * largest }, "\(name)")
    }
  }

  /// What padded frames hold reaches no other frame, and a clip that is not padded needs no counts.
  @Test(arguments: BackboneOracles.files("gl_transformer"))
  func paddingIsNotSeen(path: String) throws {
    let oracle = try BackboneOracle(path)
    var size = try Self.size(oracle)
    size.dropout = 0.3
    let backbone = GLTransformer(ParameterStore(seed: 1).root, size)
    let raw = try oracle.tensor("inputs/raw").permuted([0, 4, 2, 3, 1])
    let (n, t) = (raw.shape[0], raw.shape[2])
    let counts = [Int](repeating: t - 2, count: n)
    let padded = Tensor.concatenated(
      [raw.sliced(axis: 2, 0..<t - 2), raw.sliced(axis: 2, t - 2..<t) * 0 + Tensor(scalar: Self.padding)],
      axis: 2)
    func feature(_ x: Tensor, _ counts: [Int]?) -> [Float] {
      backbone.pooled(backbone(x, counts: counts, .evaluation), counts: counts).values
    }
    #expect(feature(raw, counts) == feature(padded, counts))
    let whole = zip(feature(raw, nil), feature(raw, [Int](repeating: t, count: n))).map { abs($0 - $1) }
    #expect((whole.max() ?? 1) < 1e-5)
    let pass = Pass(seed: 1, epoch: 1, batch: 1, view: "query")
    #expect(backbone(raw, pass).values == backbone(raw, pass).values)
    #expect(backbone(raw, pass).values != backbone(raw, .evaluation).values)
  }
}
