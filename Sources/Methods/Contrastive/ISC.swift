import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// ISC: two different encoders, each of which is contrasted with the other's keys.
///
///     L = InfoNCE(a(v₁), b'(v₂); Q_b) + InfoNCE(b(v₁), a'(v₂); Q_a)
///
/// with the slow copies a' and b' of both, and a queue of each copy's keys.
///
/// Source: Thoker, Doughty and Snoek, "Skeleton-contrastive 3D action representation learning" (ACM MM 2021), and its
/// released code.
public struct ISC: PretrainingMethod {
  /// The settings of ISC. Defaults are the published ones.
  public struct Settings: MethodSettings {
    /// How the queries and the keys are augmented.
    public var views = PairSettings()
    /// How they are contrasted.
    public var contrast = MomentumContrastSettings()
    /// The other encoder; the recipe's own is the one that is evaluated.
    public var partner = Variant<EncoderFamily>(AGCNSettings())

    /// The published settings.
    public init() { contrast.queue = 16384 }

    /// The method's name.
    public static let kind = "isc"
    /// What it is.
    public static let summary = "ISC: two different encoders, each contrasted with the other's keys."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, PairSettings.settings)
      + Setting.group("", \.contrast, MomentumContrastSettings.settings) + [
        .variant("partner", \.partner, "the other encoder; the recipe's own is the one that is evaluated")
      ]

    /// Refuses batches that do not fill the queues, and an other encoder that cannot read the clips.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try contrast.check(around, in: file)
      do {
        try partner.settings.checkConsistency(in: file)
        try partner.encoder.check(EncoderInput(layout: .kinect25, frames: around.frames), in: file)
      } catch var error as InputError {
        error.place = "method.partner: \(error.place)"
        throw error
      }
    }
  }

  /// `nce_own`, `nce_partner`: of the recipe's encoder and of the other one.
  public let terms = ["nce_own", "nce_partner"]
  private let pairs: [MomentumContrast<Branch>]
  private let (query, key): (View<Clips>, View<Clips>)

  /// A model with fresh parameters `encoder_q.*` and `encoder_q_partner.*`, and the same of `encoder_k`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    pairs = [("", nil), ("_partner", settings.partner)].map { suffix, encoder in
      MomentumContrast(settings.contrast, build, suffix: suffix) { scope in
        Branch(scope, build.encoder(scope, encoder), size: settings.contrast.projection)
      }
    }
    let steps = settings.views.steps(build.frames)
    (query, key) = (build.views.clips("query", steps), build.views.clips("key", steps))
  }

  /// The losses of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let keys = zip(pairs, terms).map { pair, name in
      pair.keys { $0(batch[key], step.pass("key \(name)")) }  // (N, D)
    }
    for (number, name) in terms.enumerated() where !step.isStopped {
      let z = pairs[number].student(batch[query], step.pass("query \(name)"))  // (N, D)
      step.show("embedding \(name)", z)
      step.show("keys \(name)", keys[number])
      step.learn(Term(name, pairs[1 - number].nce(z, keys[1 - number])))
    }
    guard !step.wasStopped else { return }
    for (pair, keys) in zip(pairs, keys) { pair.queue.enqueue(keys) }
  }
}
