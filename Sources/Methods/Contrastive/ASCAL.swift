import Batches
import Encoders
import NN
import Recipes
import TensorCore

/// AS-CAL: contrast of features as they are, without projector and without length 1, with a memory of such.
///
///     L = -log( exp(q·k / τ) / (exp(q·k / τ) + Σ_i exp(q·n_i / τ)) ),  n_i the memory
///
/// Source: Rao et al., "Augmented skeleton based contrastive action learning with momentum LSTM for unsupervised action
/// recognition" (2021), and its released code, whose first epoch fills the memory and learns nothing. Its copy follows
/// behind the optimizer, which is the same as in front of the next keys. Joints are made relative to the spine by the
/// encoder there (`LSTMEncoderSettings.centre`), so that evaluations do the same.
public struct ASCAL: PretrainingMethod {
  /// The settings of AS-CAL. Defaults are the published ones.
  public struct Settings: MethodSettings {
    /// The largest number beside the diagonal of a shear.
    public var shear: Float = 1
    /// The chance that a view runs backwards.
    public var reversed: Float = 0.5
    /// How features are contrasted.
    public var contrast = MomentumContrastSettings()
    /// The first epochs of the run, which fill the memory and learn nothing.
    public var filling = 1

    /// The published settings.
    public init() { (contrast.queue, contrast.temperature) = (16384, 0.06) }

    /// The method's name.
    public static let kind = "ascal"
    /// What it is.
    public static let summary = "AS-CAL: contrast of features as they are with a memory of such."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        .number("views.shear", \.shear, 0...2, "the largest number beside the diagonal of a shear"),
        .number("views.reversed", \.reversed, 0...1, "chance that a view runs backwards"),
      ] + Setting.group("", \.contrast, MomentumContrastSettings.withoutProjection) + [
        .integer(
          "filling", \.filling, 0...1000, "first epochs of the run, which fill the memory and learn nothing")
      ]

    /// Refuses batches that do not fill the memory.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try contrast.check(around, in: file)
    }
  }

  /// `nce`.
  public let terms = ["nce"]
  /// The memory is filled first.
  public var fillingEpochs: Int { settings.filling }
  private let settings: Settings
  private let contrast: MomentumContrast<any SkeletonEncoder>
  private let (query, key): (View<Clips>, View<Clips>)

  /// A model with fresh parameters `encoder_q.*`, and the same of `encoder_k`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    contrast = MomentumContrast(
      settings.contrast, build, start: .uniform, size: { $0.featureCount }
    ) { build.encoder($0) }
    let steps: [Augmentation] = [
      .crop(1...1, to: build.frames), .reverse.sometimes(settings.reversed), .shear(upTo: settings.shear),
    ]
    query = build.views.clips("query", steps)
    key = build.views.clips("key", steps)
  }

  /// The loss of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let keys = contrast.keys { $0(batch[key], step.pass("key")) }  // (N, D)
    let z = contrast.student(batch[query], step.pass("query"))  // (N, D)
    step.show("embedding", z)
    step.show("keys", keys)
    let loss = contrast.nce(z, keys)
    step.learn(Term("nce", step.epoch < settings.filling ? loss.detached() : loss))
    if !step.wasStopped { contrast.queue.enqueue(keys) }
  }
}
