import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// HaLP: contrast, and positives that are made up around each key, towards prototypes of the newest keys.
///
///     L = InfoNCE(q, k) - μ mean_kept(q·g) / τ
///
/// with the mean over all made-up keys g of the batch that are still nearest to their key's own prototype, see
/// `PrototypePositives`.
///
/// Source: Shah et al., "HaLP: hallucinating latent positives for skeleton-based self-supervised learning of actions" (CVPR
/// 2023), and its released code, in which centres are Fréchet means found by gradient steps; here they are directions of
/// means. Positives are published for a second stage, behind one of plain contrast that has filled the queue.
public struct HaLP: PretrainingMethod {
  /// The settings of HaLP. Defaults are those of the published second stage.
  public struct Settings: MethodSettings {
    /// How the query and the key are augmented.
    public var views = PairSettings()
    /// How they are contrasted.
    public var contrast = MomentumContrastSettings()
    /// μ, the weight of the made-up positives; there are none at 0.
    public var weight: Float = 2
    /// Prototypes.
    public var prototypes = 20
    /// The newest keys, which prototypes are made of.
    public var recent = 256
    /// How many steps prototypes stay.
    public var every = 10
    /// Positives that are made up for each key.
    public var generated = 100
    /// The largest share of the way to the border that a positive stays behind it.
    public var distance: Float = 0.8

    /// The published settings.
    public init() { contrast.queue = 16384 }

    /// The method's name.
    public static let kind = "halp"
    /// What it is.
    public static let summary = "HaLP: contrast with positives that are made up around each key."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, PairSettings.settings)
      + Setting.group("", \.contrast, MomentumContrastSettings.settings) + [
        .number("weight.positives", \.weight, 0...1000, "weight of made-up positives; 0 for none"),
        .integer("prototypes.count", \.prototypes, 2...4096, "prototypes"),
        .integer("prototypes.keys", \.recent, 2...65536, "newest keys, which prototypes are made of"),
        .integer("prototypes.every", \.every, 1...100_000, "how many steps of an epoch prototypes stay"),
        .integer("generated", \.generated, 1...4096, "positives that are made up for each key"),
        .number(
          "distance", \.distance, 0...1,
          "the largest share of the way to the nearest other prototype's border that a positive stays behind it"
        ),
      ]

    /// Refuses batches that do not fill the queue, and prototypes of more keys than there are.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try contrast.check(around, in: file)
      guard weight == 0 || (prototypes...contrast.queue).contains(recent) else {
        throw InputError(
          file, at: "method.prototypes.keys", found: "\(recent)",
          expected: "from method.prototypes.count, \(prototypes), to method.queue, \(contrast.queue)")
      }
    }
  }

  /// `nce`, `positives`.
  public var terms: [String] { ["nce", "positives"] }
  private let settings: Settings
  private let contrast: MomentumContrast<Branch>
  private let prototypes: Parameter  // (P, D)
  private let (query, key): (View<Clips>, View<Clips>)

  /// A model with fresh parameters `encoder_q.*`, and the same of `encoder_k`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    let size = settings.contrast.projection
    contrast = MomentumContrast(settings.contrast, build) { scope in
      Branch(scope, build.encoder(scope), size: size)
    }
    prototypes = build.root.memory("prototypes") { Tensor.zeros([settings.prototypes, size]) }
    let steps = settings.views.steps(build.frames)
    query = build.views.clips("query", steps)
    key = build.views.clips("key", steps)
  }

  /// The losses of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let keys = contrast.keys { $0(batch[key], step.pass("key")) }  // (N, D)
    let z = contrast.student(batch[query], step.pass("query"))  // (N, D)
    step.show("embedding", z)
    step.show("keys", keys)
    var terms = [Term("nce", contrast.nce(z, keys))]
    if settings.weight > 0 {
      if step.index.isMultiple(of: settings.every) { cluster(step) }
      step.show("prototypes", prototypes.value)
      terms.append(Term("positives", attraction(z, made(keys, &step)), weight: settings.weight))
    }
    step.learn(terms)
    if !step.wasStopped { contrast.queue.enqueue(keys) }
  }

  /// Makes prototypes of the newest keys.
  private func cluster(_ step: Step) {
    var means = KMeans(count: settings.prototypes)
    means.distance = .spherical
    var random = step.random("prototypes")
    prototypes.value = means(contrast.queue.newest(settings.recent), random: &random).centres
  }

  /// Makes up positives of keys, (N, D).
  private func made(_ keys: Tensor, _ step: inout Step) -> PrototypePositives {
    var random = step.random("positives")
    let count = keys.shape[0] * settings.generated
    let picks = (0..<count).map { _ in random.integer(below: settings.prototypes - 1) }
    let draws = (0..<count).map { _ in random.uniform(0, settings.distance) }
    let made = PrototypePositives(keys: keys, prototypes: prototypes.value, picks: picks, draws: draws)
    step.show("positives", made.rows)
    return made
  }

  /// -mean(q·g) / τ over the positives that are kept; 0 where none is.
  private func attraction(_ z: Tensor, _ made: PrototypePositives) -> Tensor {
    let count = made.isKept.count { $0 }
    guard count > 0 else { return Tensor(scalar: 0) }
    let mask = Tensor(made.isKept.map { $0 ? 1 : 0 }, shape: [made.isKept.count, 1])
    let sums = (made.rows * mask).reshaped([z.shape[0], settings.generated, z.shape[1]]).sum(axes: [1])
    return z.rowDot(sums).sum() * (-1 / settings.contrast.temperature / Float(count))
  }
}
