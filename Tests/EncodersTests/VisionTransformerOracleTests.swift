import Encoders
import Methods
import NN
import TensorCore
import Testing

/// The transformer of MAMP against its own program: tokens, predictions, losses and all gradients.
@Suite(.enabled(if: !BackboneOracles.files("mamp").isEmpty, BackboneOracles.missing("mamp")))
struct VisionTransformerOracleTests {
  static let tolerance: Float = 1e-4

  /// The sizes that the file was made with.
  static func sizes(_ group: BackboneOracle) throws -> (VisionTransformer.Size, TokenDecoder.Size) {
    let x = try group.tensor("inputs/x").shape  // (N, C, T, V, M)
    var encoder = VisionTransformer.Size()
    (encoder.frames, encoder.joints, encoder.channels) = (x[2], x[3], x[1])
    (encoder.width, encoder.depth, encoder.heads, encoder.inner) = (32, 2, 4, 128)
    var decoder = TokenDecoder.Size()
    (decoder.width, decoder.depth, decoder.heads, decoder.inner) = (24, 2, 4, 96)
    return (encoder, decoder)
  }

  @Test(arguments: BackboneOracles.files("mamp"))
  func maskedMotion(path: String) throws {
    let group = try BackboneOracle(path)
    let (size, decoderSize) = try Self.sizes(group)
    let store = ParameterStore(seed: 1)
    let encoder = VisionTransformer(store.root, size)
    let decoder = TokenDecoder(store.root, of: size, decoderSize)
    let names = try group.names("parameters")
    #expect(Set(names) == Set(store.names))
    for name in names { try #require(store[name]).value = try group.tensor("parameters/\(name)") }

    // (N, C, T, V, M) with bodies folded into the batch: (N M, T, V, C).
    let whole = try group.tensor("inputs/x")
    let batch = whole.shape[0] * whole.shape[4]
    let x = whole.permuted([0, 4, 2, 3, 1]).reshaped([batch, size.frames, size.joints, size.channels])
    let places = try group.integers("outputs/ids_keep")
    let count = places.count / batch
    let kept = (0..<batch).map { Array(places[$0 * count..<($0 + 1) * count]) }

    let latent = encoder(x, keeping: kept, .evaluation)
    expectNear(latent, try group.tensor("outputs/latent"), Self.tolerance, "latent")
    let prediction = decoder(latent, at: kept, .evaluation)
    expectNear(prediction, try group.tensor("outputs/prediction"), Self.tolerance, "prediction")

    let motion = try group.tensor("outputs/motion")
    let target = encoder.size.patches(of: motion).standardized(axis: 2, epsilon: 1e-6, unbiased: true)
    expectNear(target, try group.tensor("outputs/target"), Self.tolerance, "target")
    let masked = try group.tensor("outputs/mask")  // (B, L), 1 where hidden
    let visible = (masked * -1 + Tensor(scalar: 1)).reshaped([batch, size.tokens, 1])
    let loss = maskedMSE(prediction, target: target, mask: visible.repeated(to: target.shape))
    expectNear(loss, try group.tensor("loss"), Self.tolerance, "loss")
    let found = gradients(of: loss)
    for parameter in store.parameters {
      let gradient = try #require(found[parameter.value], "\(parameter.name)")
      expectNear(
        gradient, try group.tensor("gradients/\(parameter.name)"), Self.tolerance,
        "gradient of \(parameter.name)")
    }

    let tokens = encoder(x, .evaluation)
    let expected = try group.tensor("evaluation/outputs/tokens")
    expectNear(tokens.reshaped(expected.shape), expected, Self.tolerance, "all tokens")
    let mean = tokens.reshaped([whole.shape[0], tokens.shape[1] * whole.shape[4], size.width]).mean(axes: [1])
    expectNear(mean, try group.tensor("evaluation/outputs/mean"), Self.tolerance, "feature")
  }

  @Test func publishedParameterCount() {
    let store = ParameterStore(seed: 1)
    _ = VisionTransformer(store.root)
    let counts = store.parameters.map { $0.value.count }
    #expect(counts.reduce(0, +) == 6_336_000)
  }
}
