import Encoders
import Methods
import NN
import TensorCore
import Testing

@testable import Batches

/// A step of Skeleton2vec against its own program: what is hidden, targets, guesses, loss, all gradients and the copy.
@Suite(
  .enabled(if: !BackboneOracles.files("latent_targets").isEmpty, BackboneOracles.missing("latent_targets")))
struct LatentTargetOracleTests {
  private static let tolerance: Float = 1e-4

  /// The sizes that the file was made with.
  private static let sizes: (VisionTransformer.Size, TokenDecoder.Size) = {
    var encoder = VisionTransformer.Size()
    (encoder.frames, encoder.joints, encoder.width) = (16, 10, 16)
    (encoder.depth, encoder.heads, encoder.inner) = (2, 2, 64)
    (encoder.epsilon, encoder.layerScale) = (1e-6, 0.1)
    var decoder = TokenDecoder.Size()
    (decoder.width, decoder.depth, decoder.heads, decoder.inner) = (12, 1, 2, 48)
    (decoder.epsilon, decoder.layerScale) = (1e-6, 0.1)
    return (encoder, decoder)
  }()

  /// The arrays of a group by our names: queries, keys and values are one array, positions have their numbers last.
  private static func arrays(_ oracle: BackboneOracle, _ group: String, _ prefix: String) throws -> [String:
    Tensor]
  {
    let fixed = [
      "encoder_embedding.projection.1.weight": "joints_embed.proj.weight",
      "encoder_embedding.projection.1.bias": "joints_embed.proj.bias",
      "encoder_embedding.spatio_pos_emb": "pos_embed", "encoder_embedding.temporal_pos_emb": "temp_embed",
      "decoder_spatio_pos_emb": "decoder_pos_embed", "decoder_temporal_pos_emb": "decoder_temp_embed",
      "mask_token_emb": "mask_token",
    ]
    let starts = [
      ("encoder.layers.", "blocks."), ("decoder.layers.", "decoder_blocks."), ("encoder_norm.", "norm."),
      ("decoder_embedding.", "decoder_embed."), ("decoder_head.", "decoder_pred."),
    ]
    var arrays: [String: Tensor] = [:]
    for name in try oracle.names(group) where name.hasPrefix(prefix) {
      let own = String(name.dropFirst(prefix.count))
      // The encoder's own token for what is hidden is used by nothing here.
      guard own != "encoder_embedding.mask_token_emb" else { continue }
      var value = try oracle.tensor("\(group)/\(name)")
      if own.hasSuffix("pos_emb") { value = value.permuted([0, 2, 3, 1]) }
      let start = starts.first { own.hasPrefix($0.0) }
      arrays[fixed[own] ?? start.map { $0.1 + own.dropFirst($0.0.count) } ?? own] = value
    }
    for name in arrays.keys where name.contains(".queries.") {
      var parts: [Tensor] = []
      for part in ["queries", "keys", "values"] {
        let own = arrays.removeValue(forKey: name.replacing("queries", with: part))
        parts.append(try #require(own))
      }
      arrays[name.replacing("queries", with: "qkv")] = .concatenated(parts, axis: 0)
    }
    return arrays
  }

  /// Parameters of a side, and what is made of them.
  private static func model(_ oracle: BackboneOracle, _ prefix: String) throws -> (
    store: ParameterStore, encoder: VisionTransformer, decoder: TokenDecoder
  ) {
    let store = ParameterStore(seed: 1)
    let encoder = VisionTransformer(store.root, sizes.0)
    let decoder = TokenDecoder(store.root, of: sizes.0, sizes.1, outputs: sizes.0.width)
    let arrays = try arrays(oracle, "parameters", prefix)
    #expect(Set(arrays.keys) == Set(store.names))
    for (name, value) in arrays { try #require(store[name]).value = value }
    return (store, encoder, decoder)
  }

  @Test(arguments: BackboneOracles.files("latent_targets"))
  func step(path: String) throws {
    let oracle = try BackboneOracle(path)
    let student = try Self.model(oracle, "auto_encoder.")
    let teacher = try Self.model(oracle, "ema.model.")
    let size = Self.sizes.0
    let whole = try oracle.tensor("inputs/x")  // (N, 1, T, V, C)
    let x = whole.reshaped([whole.shape[0], size.frames, size.joints, size.channels])

    var mask = TokenMask(.tube, hiding: 0.8)
    mask.length = 2
    let draws = try oracle.tensor("draws/uniform")  // (B, tubes, V)
    let tubes = (0..<draws.shape[0]).map { body in
      (0..<draws.shape[1]).map { tube in
        let first = (body * draws.shape[1] + tube) * size.joints
        return draws.values[first..<first + size.joints].map { Double($0) }
      }
    }
    let kept = tubes.map { mask.tubes(draws: $0, steps: size.steps, joints: size.joints) }
    let hidden = kept.flatMap { own in (0..<size.tokens).map { own.contains($0) ? Float(0) : 1 } }
    #expect(hidden == (try oracle.tensor("outputs/mask")).values)

    let rows = hidden.indices.filter { hidden[$0] == 1 }
    func atHidden(_ x: Tensor) -> Tensor { x.reshaped([x.count / size.width, size.width]).rows(rows) }
    let layers = teacher.encoder.layers(x, .evaluation).map { $0.detached() }
    let target = atHidden(LatentTargets.mean(of: layers))
    expectNear(target, try oracle.tensor("outputs/target"), Self.tolerance, "target")
    let tokens = student.encoder(x, keeping: kept, .adapting)
    // The program puts what was seen in tubes where the order of the first tube's joints says, not where it was.
    let places = zip(tubes, kept).map { TokenMask.lowest($1.count, of: $0[0]) }
    let guess = atHidden(student.decoder(tokens, at: places, .adapting))
    expectNear(guess, try oracle.tensor("outputs/prediction"), Self.tolerance, "prediction")
    let loss = (guess - target).square().mean()
    expectNear(loss, try oracle.tensor("loss"), Self.tolerance, "loss")

    let found = gradients(of: loss)
    let expected = try Self.arrays(oracle, "gradients", "auto_encoder.")
    #expect(Set(expected.keys) == Set(student.store.names))
    let largest = expected.values.flatMap { $0.values.map(abs) }.max() ?? 0
    for (name, gradient) in expected {
      let parameter = try #require(student.store[name])
      let own = try #require(found[parameter.value], "\(name)")
      let difference = zip(own.values, gradient.values).map { abs($0 - $1) }.max() ?? 0
      let bound = max(Self.tolerance * (gradient.values.map(abs).max() ?? 0), 1e-5 * largest)
      #expect(difference <= bound, "\(name) is \(difference) off, \(bound) allowed")
    }

    let decay = try oracle.tensor("ema/decay").scalar
    for (name, value) in try Self.arrays(oracle, "ema/after", "") {
      let (own, other) = (try #require(teacher.store[name]), try #require(student.store[name]))
      exponentialMovingAverage(of: other, into: own, momentum: decay)
      expectNear(own.value, value, Self.tolerance, "the copy's \(name)")
    }
  }
}
