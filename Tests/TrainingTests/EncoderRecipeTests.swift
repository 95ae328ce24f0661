import Batches
import Encoders
import Evaluation
import Foundation
import Methods
import NN
import Recipes
import Shards
import Skeleton
import TensorCore
import Testing
import Training

/// Every encoder that a recipe can name, at a small size.
@Suite struct EncoderRecipeTests {
  /// Its settings, the numbers in its feature of 16 frames, and whether it is all the same to it which body is which.
  struct Case: CustomTestStringConvertible {
    let yaml: String
    let features: Int
    let isSymmetric: Bool
    var testDescription: String { yaml }

    init(_ yaml: String, _ features: Int, isSymmetric: Bool) {
      (self.yaml, self.features, self.isSymmetric) = (yaml, features, isSymmetric)
    }

    func recipe() throws -> PretrainRecipe {
      try .provided("cmd", changing: ["input.frames=16", "encoder=\(yaml)", "batch=4", "method.queue=16"])
    }
  }

  static let cases = [
    Case("{kind: gru, hidden: 6, layers: 1}", 12, isSymmetric: false),
    Case("{kind: lstm, hidden: 6}", 6, isSymmetric: false),
    Case("{kind: stgcn, hidden: 4, features: 12, default_start: true}", 12, isSymmetric: true),
    Case("{kind: agcn, channels: 8}", 32, isSymmetric: false),
    Case("{kind: ctrgcn, channels: 8}", 32, isSymmetric: false),
    Case("{kind: vit, layers: 1, width: 8, heads: 2}", 8, isSymmetric: true),
    Case("{kind: hcn, width: 4}", 16, isSymmetric: true),
    Case("{kind: sttformer, channels: 4, span: 4, heads: 2}", 16, isSymmetric: true),
    Case("{kind: hico, width: 8, granularities: 3}", 48, isSymmetric: false),
    Case("{kind: hico, reader: gru, width: 6, granularities: 2}", 24, isSymmetric: false),
    Case("{kind: umurl, width: 8}", 16, isSymmetric: false),
    Case("{kind: gl, width: 4, layers: 1, heads: 2}", 200, isSymmetric: false),
    Case(
      "{kind: dstformer, width: 8, layers: 1, heads: 2, inner: 12, representation: 4}", 100,
      isSymmetric: true),
    Case("{kind: hitrs, width: 8, layers: 1, heads: 2, head_width: 4}", 32, isSymmetric: true),
  ]

  @Test func allAreHere() throws {
    let kinds = try Self.cases.map { try $0.recipe().encoder.kind }
    #expect(Set(kinds) == Set(EncoderFamily.members.map { $0.kind }))
  }

  /// Frames of noise as (N 2, T 16, V, C, M).
  private static func noise() -> Tensor {
    var random = KeyedRandom(seed: 1, view: "clips")
    return Tensor((0..<2 * 16 * 150).map { _ in random.uniform(-1, 1) }, shape: [2, 16, 25, 3, 2])
  }

  /// Features follow what is done to frames, joints, coordinates and bodies, and say nothing of other samples.
  @Test(arguments: cases) func readsEveryAxis(_ `case`: Case) throws {
    let settings = try `case`.recipe().encoder
    let input = EncoderInput(layout: .kinect25, frames: 16)
    let store = ParameterStore(seed: 1)
    let encoder = settings.encoder.encoder(store.root / "encoder", input)
    // Graphs start at a millionth of what they come to be, and norms alike for all bodies.
    for parameter in store.parameters {
      var random = KeyedRandom(seed: 2, sample: parameter.name, view: "learned")
      let learned = parameter.value.values.map { $0 + random.uniform(-0.1, 0.1) }
      parameter.value = Tensor(learned, shape: parameter.value.shape)
    }
    #expect(encoder.featureCount == `case`.features)
    func features(_ x: Tensor) -> [Float] {
      let features = encoder(Clips(x.reshaped([2, 16, 150])), .evaluation)
      #expect(features.shape == [2, `case`.features])
      return features.values
    }
    let noise = Self.noise()
    let plain = features(noise)
    #expect(plain.allSatisfy { $0.isFinite })
    func distance(_ x: Tensor) -> Float { zip(features(x), plain).map { abs($0 - $1) }.max() ?? 0 }
    var joints = Array(0..<25)
    joints.swapAt(3, 17)
    let scale = plain.map(abs).max() ?? 0
    #expect(scale > 1e-4)
    for (axis, order) in [(1, Array((0..<16).reversed())), (2, joints), (3, [1, 0, 2])] {
      #expect(distance(noise.gathered(axis: axis, order)) > 1e-4 * scale, "axis \(axis)")
    }
    let swapped = distance(noise.gathered(axis: 4, [1, 0]))
    #expect(`case`.isSymmetric ? swapped < 1e-5 * scale : swapped > 1e-3 * scale, "bodies: \(swapped)")
    #expect(distance(noise.gathered(axis: 4, [0, 0])) > 1e-4 * scale)
    let other = features(noise.gathered(axis: 0, [1, 0]))
    let half = `case`.features
    for (a, b) in zip(other, plain[half...] + plain[..<half]) { #expect(abs(a - b) < 1e-5 * scale) }
  }

  @Test(arguments: cases) func recipesOfItAreTrainedAndEvaluated(_ `case`: Case) throws {
    var small = try SmallRun()
    small.recipe = try `case`.recipe()
    #expect(try small.train("run", steps: 2) == .stopped)
    let source = try SampleSource(
      DatasetFolder(small.folder.appendingPathComponent("data")), split: "xview", part: .test)
    for encoder in [
      try FrozenEncoder(untrained: small.recipe), try FrozenEncoder(checkpoint: small.run("run").url),
    ] {
      let features = try encoder.features(of: source)
      #expect(features.values.shape == [source.entries.count, `case`.features])
      #expect(features.values.values.allSatisfy { $0.isFinite })
    }
  }

  @Test(arguments: [
    ("{kind: hcn}", "input.frames=24", "input.frames"), ("{kind: hcn, width: 5}", "seed=1", "encoder.width"),
    ("{kind: sttformer, span: 5}", "seed=1", "input.frames"),
    ("{kind: sttformer, channels: 6}", "seed=1", "encoder.channels"),
    ("{kind: hico, width: 6}", "seed=1", "encoder.width"),
    ("{kind: hico, granularities: 6}", "seed=1", "encoder.granularities"),
    ("{kind: umurl}", "input.frames=208", "input.frames"),
    ("{kind: gl, width: 10}", "seed=1", "encoder.width"),
    ("{kind: dstformer, width: 10}", "seed=1", "encoder.width"),
    ("{kind: hitrs, width: 6}", "seed=1", "encoder.width"),
    ("{kind: hitrs, window: 1}", "input.frames=400", "input.frames"),
  ])
  func whatCannotBeReadIsRefused(encoder: String, other: String, place: String) {
    let error = #expect(throws: InputError.self) {
      try PretrainRecipe.provided("cmd", changing: ["input.frames=16", "encoder=\(encoder)", other])
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(place))
  }
}
