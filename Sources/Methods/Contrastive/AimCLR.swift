import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// AimCLR: what an extremely augmented view is similar to follows what an ordinary one is similar to.
///
/// With p(z) = softmax([z·k, z·queue] / τ) for the query q, the extreme view e, and d, which is e without what stands out
/// most in its map,
///
///     L = InfoNCE(q, k) + ½ H(p(q), p(e)) + ½ H(p(q), p(d)),  p(q) a constant
///
/// and in the second stage the queue's nearest key to q, e and d each counts as another positive of q (equation 11).
///
/// Source: Guo et al., "Contrastive learning from extremely augmented skeleton sequences for self-supervised action
/// recognition" (AAAI 2022), and its released code, whose key branch is drawn anew after it was copied; here it starts as
/// the copy.
public struct AimCLR: PretrainingMethod {
  /// The settings of AimCLR. Defaults are those of the first published stage.
  public struct Settings: MethodSettings {
    /// How the query and the key are augmented, and the extreme view at first.
    public var views = CropShearSettings()
    /// How they are contrasted.
    public var contrast = MomentumContrastSettings()
    /// Keys of the queue that each view names as positives.
    public var mined = 0
    /// From where on a number of the map stands out and is left out.
    public var drop: Float = 0.7

    /// The published settings.
    public init() {}

    /// The method's name.
    public static let kind = "aimclr"
    /// What it is.
    public static let summary = "AimCLR: contrast, which extremely augmented views follow."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, CropShearSettings.settings)
      + Setting.group("", \.contrast, MomentumContrastSettings.settings) + [
        .integer(
          "mined", \.mined, 0...1024,
          "keys of the queue that each view names as further positives; 1 in the second stage"),
        .number(
          "drop", \.drop, 0.63...1,
          "from where on attention, which is 0.62 at least, leaves a number of the map out; 1 for nowhere"),
      ]

    /// Refuses batches that do not fill the queue, and queues that have fewer keys than are mined.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try contrast.check(around, in: file)
      try InputError.check(mined: mined, of: contrast.queue, in: file)
    }
  }

  /// `nce`, `ce_extreme`, `ce_drop`.
  public let terms = ["nce", "ce_extreme", "ce_drop"]
  private let settings: Settings
  private let contrast: MomentumContrast<(encoder: any MapEncoder, head: Projector)>
  private let (query, key, extreme): (View<Clips>, View<Clips>, View<Clips>)

  /// A model with fresh parameters `encoder_q.*`, and the same of `encoder_k`.
  ///
  /// - Throws: an `InputError` if the encoder has no map.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    contrast = try MomentumContrast(settings.contrast, build) { scope in
      let encoder = try build.encoder(scope, as: (any MapEncoder).self)
      let head = Projector(
        scope, features: encoder.featureCount, size: settings.contrast.projection, start: .smallNormal)
      return (encoder, head)
    }
    query = build.views.clips("query", settings.views.weak(build.frames))
    key = build.views.clips("key", settings.views.weak(build.frames))
    extreme = build.views.clips("extreme", settings.views.strong(build.frames))
  }

  /// The losses of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let keys = contrast.keys { $0.head($0.encoder(batch[key], step.pass("key"))) }  // (N, D)
    let (encoder, head) = contrast.student
    let z = head(encoder(batch[query], step.pass("query")))  // (N, D)
    let map = encoder.map(batch[extreme], step.pass("extreme"))  // (N, M, T', V, features)
    let embeddings = [
      z, head(encoder.pooled(map)),
      head(encoder.pooled(BodyMap.attentionDropped(map, threshold: settings.drop))),
    ]
    for (name, embedding) in zip(["query", "extreme", "drop"], embeddings) {
      step.show("embedding \(name)", embedding)
    }
    step.show("keys", keys)
    let logits = embeddings.map { contrast.logits($0, keys) }  // (N, 1 + K) each
    step.learn(
      contrast.terms(
        logits, mined: settings.mined,
        [
          Following(name: "ce_extreme", leader: 0, follower: 1),
          Following(name: "ce_drop", leader: 0, follower: 2),
        ]))
    if !step.wasStopped { contrast.queue.enqueue(keys) }
  }
}

extension InputError {
  /// Refuses to name more keys as positives than a queue has.
  static func check(mined: Int, of queue: Int, in file: String) throws {
    guard mined <= queue else {
      throw InputError(
        file, at: "method.mined", found: "\(mined)", expected: "at most method.queue, \(queue)")
    }
  }
}
