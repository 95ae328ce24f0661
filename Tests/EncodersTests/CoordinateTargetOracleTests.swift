import Encoders
import Methods
import NN
import TensorCore
import Testing

/// The transformer of MAMP with coordinates as target, and the heads of its evaluation, against its own program.
@Suite(.enabled(if: !BackboneOracles.files("mamp").isEmpty, BackboneOracles.missing("mamp")))
struct CoordinateTargetOracleTests {
  private static let tolerance: Float = 1e-4

  /// Of each list the tokens whose draws (B, L) are the smallest, the smallest first, and what that hides (B, L).
  private static func kept(_ draws: Tensor, count: Int) -> (places: [[Int]], hidden: Tensor) {
    let length = draws.shape[1]
    let places = (0..<draws.shape[0]).map { list -> [Int] in
      let own = Array(draws.values[list * length..<(list + 1) * length])
      return Array(own.indices.sorted { own[$0] < own[$1] }.prefix(count))
    }
    let hidden = places.flatMap { own in (0..<length).map { own.contains($0) ? Float(0) : 1 } }
    return (places, Tensor(hidden, shape: draws.shape))
  }

  @Test(arguments: BackboneOracles.files("mamp"))
  func hiddenCoordinates(path: String) throws {
    let oracle = try BackboneOracle(path)
    let (size, decoderSize) = try VisionTransformerOracleTests.sizes(oracle)
    let store = ParameterStore(seed: 1)
    let (encoder, decoder) = (
      VisionTransformer(store.root, size), TokenDecoder(store.root, of: size, decoderSize)
    )
    try oracle.fill(store)
    let whole = try oracle.tensor("inputs/x")
    let x = whole.permuted([0, 4, 2, 3, 1]).reshaped([
      whole.shape[0] * whole.shape[4], size.frames, size.joints, size.channels,
    ])

    let draws = try oracle.tensor("draws/uniform")
    let count = try oracle.integers("outputs/ids_keep").count / draws.shape[0]
    let (places, hidden) = Self.kept(draws, count: count)
    #expect(hidden.values == (try oracle.tensor("coordinates/outputs/mask")).values)
    let prediction = decoder(encoder(x, keeping: places, .adapting), at: places, .adapting)
    expectNear(
      prediction, try oracle.tensor("coordinates/outputs/prediction"), Self.tolerance, "prediction")
    let target = encoder.size.patches(of: x).standardized(axis: 2, epsilon: 1e-6, unbiased: true)
    let visible = (Tensor(scalar: 1) - hidden).reshaped(hidden.shape + [1])
    let loss = maskedMSE(prediction, target: target, mask: visible.repeated(to: target.shape))
    expectNear(loss, try oracle.tensor("coordinates/loss"), Self.tolerance, "loss")
    let found = gradients(of: loss)
    #expect(try oracle.misses(found, store, group: "coordinates/gradients") == [])
  }

  @Test(arguments: BackboneOracles.files("mamp"))
  func heads(path: String) throws {
    let oracle = try BackboneOracle(path)
    let tokens = try oracle.tensor("evaluation/outputs/tokens")  // (N, M, T, V, D)
    let linear = ParameterStore(seed: 1)
    let classes = try oracle.tensor("evaluation/linear/parameters/fc.bias").count
    let layer = Linear(linear.root / "fc", from: tokens.shape[4], to: classes)
    try BackboneOracle(path, group: "evaluation/linear").fill(linear)
    expectNear(
      layer(BodyMap.pooled(tokens)), try oracle.tensor("evaluation/linear/outputs/logits"), Self.tolerance,
      "linear")

    let store = ParameterStore(seed: 1)
    let hidden = try oracle.tensor("evaluation/finetune/parameters/fc1.bias").count
    let head = JointHead(
      store.root, joints: tokens.shape[3], width: tokens.shape[4], hidden: hidden, classes: classes)
    try BackboneOracle(path, group: "evaluation/finetune").fill(store)
    expectNear(
      head(tokens, .adapting), try oracle.tensor("evaluation/finetune/outputs/logits"), Self.tolerance,
      "fine-tuned")
    let pass = Pass(seed: 1, epoch: 1, batch: 1, view: "train")
    #expect(head(tokens, pass).values != head(tokens, .adapting).values)
  }
}
