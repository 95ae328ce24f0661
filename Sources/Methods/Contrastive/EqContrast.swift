import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// Eq-Contrast: features that do not tell how strongly a sequence was augmented, but what it was mixed with, and in which
/// order its parts came.
///
///     L = NCE(q, k) + H(p(q), p(s)) + NCE(q(mix), k_mix) + NCE(q(π x), k(π x'); Q, k(π' x'), …)
///
/// with the strongly augmented view s, which follows the query as AimCLR's does; the key of a mixed clip,
/// norm((1 - λ) k + λ k_partner); and an order π of segments of time, whose other orders π' are negatives.
///
/// Source: Lin, Zhang and Liu, "Mutual information driven equivariant contrastive learning for 3D action representation
/// learning" (2024), of which neither program nor text was read: this is a reading of its abstract, with the weights, the
/// number of segments and of other orders as settings. Published figures cannot be expected of it.
public struct EqContrast: PretrainingMethod {
  /// The settings of Eq-Contrast.
  public struct Settings: MethodSettings {
    /// How the query and the key are augmented, and the strong view at first.
    public var views = CropShearSettings()
    /// How they are contrasted.
    public var contrast = MomentumContrastSettings()
    /// Segments of time whose order a feature keeps.
    public var segments = 3
    /// Other orders that are negatives.
    public var orders = 1
    /// The weight of what follows the query.
    public var strong: Float = 1
    /// The weight of mixed clips.
    public var mix: Float = 1
    /// The weight of orders.
    public var order: Float = 1

    /// The settings of the recipe that is provided.
    public init() {}

    /// The method's name.
    public static let kind = "eqcontrast"
    /// What it is.
    public static let summary = "Eq-Contrast: contrast that keeps what was mixed, and in which order."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, CropShearSettings.settings)
      + Setting.group("", \.contrast, MomentumContrastSettings.settings) + [
        .integer("segments", \.segments, 2...8, "segments of time whose order a feature keeps"),
        .integer("orders", \.orders, 1...100, "other orders of them that are negatives"),
        .number("weight.strong", \.strong, 0...1000, "weight of the strong view, which follows the query"),
        .number("weight.mix", \.mix, 0...1000, "weight of mixed clips"),
        .number("weight.order", \.order, 0...1000, "weight of orders"),
      ]

    /// Refuses batches that do not fill the queue, clips that cannot be mixed or cut, and more orders than there are.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try contrast.check(around, in: file)
      guard around.frames.isMultiple(of: 16) else { throw InputError.frames(around.frames, in: file) }
      let count = (1...segments).reduce(1, *)
      guard orders < count else {
        throw InputError(
          file, at: "method.orders", found: "\(orders)",
          expected: "at most \(count - 1), the other orders of method.segments")
      }
    }
  }

  /// `nce`, `ce_strong`, `nce_mix`, `nce_order`.
  public let terms = ["nce", "ce_strong", "nce_mix", "nce_order"]
  private let settings: Settings
  private let contrast: MomentumContrast<Branch>
  private let (query, key, strong): (View<Clips>, View<Clips>, View<Clips>)
  private let mixed: View<MixedClips>
  private let ordered: View<OrderedClips>

  /// A model with fresh parameters `encoder_q.*`, and the same of `encoder_k`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    contrast = MomentumContrast(settings.contrast, build) { scope in
      Branch(scope, build.encoder(scope), size: settings.contrast.projection, start: .smallNormal)
    }
    let steps = settings.views.weak(build.frames)
    let samples = ["query", "key"].map { build.views.samples(build.views.samples($0, steps)) }
    (query, key) = (build.views.clips(samples[0]), build.views.clips(samples[1]))
    strong = build.views.clips("strong", settings.views.strong(build.frames))
    mixed = build.views.mixed("mix", samples[0])
    ordered = build.views.reordered(
      "order", samples[0], samples[1], segments: settings.segments, others: settings.orders)
  }

  /// The losses of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let (mix, order) = (batch[mixed], batch[ordered])
    let keys = contrast.keys { $0(batch[key], step.pass("key")) }  // (N, D)
    let teacher = contrast.teacher.module
    let second = teacher(order.second, step.pass("key order")).detached()
    let others = order.others.enumerated().map { teacher($1, step.pass("key order \($0)")).detached() }
    let mixedKeys = (keys * (1 - mix.share) + keys.rows(mix.partner) * mix.share).normalizedRows()
    let inputs = [
      ("query", batch[query]), ("strong", batch[strong]), ("mix", mix.clips), ("order", order.first),
    ]
    let z = inputs.map { contrast.student($1, step.pass($0)) }
    for (input, z) in zip(inputs, z) { step.show("embedding \(input.0)", z) }
    for (name, keys) in [("", keys), (" mix", mixedKeys), (" order", second)] {
      step.show("keys\(name)", keys)
    }
    for (number, keys) in others.enumerated() { step.show("keys other \(number)", keys) }
    step.learn(
      contrast.terms(
        z.prefix(2).map { contrast.logits($0, keys) }, mined: 0,
        [Following(name: "ce_strong", leader: 0, follower: 1, weight: settings.strong)])
        + [
          Term("nce_mix", contrast.nce(z[2], mixedKeys), weight: settings.mix),
          Term("nce_order", contrast.nce(z[3], second, also: others), weight: settings.order),
        ])
    if !step.wasStopped { contrast.queue.enqueue(keys) }
  }
}
