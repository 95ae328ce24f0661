import Batches
import Encoders
import NN
import Recipes
import TensorCore

/// HYSP: an encoder predicts what a slow copy of it makes of another view, at last in hyperbolic space, where what is told
/// with less certainty counts less. Without that space it is BYOL; and without a copy, where the encoder's own projections
/// are the targets, it is SimSiam.
///
///     L = ½ [ℓ(p(v₁), t(v₂)) + ℓ(p(v₂), t(v₁))],  ℓ = (1 - λ) (2 - 2 cos) + λ d
///
/// with the distance d in the Poincaré ball and λ rising from 0 to 1 over some epochs.
///
/// Source: Franco et al., "Hyperbolic self-paced learning for self-supervised skeleton-based action representations" (ICLR
/// 2023), and its released code; Grill et al., "Bootstrap your own latent" (2020); Chen and He, "Exploring simple Siamese
/// representation learning" (2021), whose projector and predictor are those of HYSP here.
public struct HYSP: PretrainingMethod {
  /// The settings of HYSP. Defaults are the published ones.
  public struct Settings: MethodSettings {
    /// How the second view is augmented, and the first one at first.
    public var views = CropShearSettings()
    /// Numbers in a projection and in a prediction, and in the layers before.
    public var projection = 1024
    /// Whether a slow copy makes the targets; SimSiam's are the encoder's own.
    public var hasCopy = true
    /// How much of the copy stays in a step.
    public var keyMomentum: Float = 0.999
    /// Whether distances become hyperbolic at all; BYOL's do not.
    public var isHyperbolic = true
    /// The last epoch, from 0, in which the distance is the cosine's alone.
    public var start = 49
    /// Epochs over which the hyperbolic distance takes its place.
    public var length = 50

    /// The published settings.
    public init() {}

    /// The method's name.
    public static let kind = "hysp"
    /// What it is.
    public static let summary = "HYSP, BYOL and SimSiam: what is made of another view is predicted."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, CropShearSettings.settings) + [
        .integer("projection", \.projection, 2...16384, "numbers in a projection and in a prediction"),
        .flag("copy", \.hasCopy, "whether a slow copy makes the targets; SimSiam's are the encoder's own"),
        .number("key_momentum", \.keyMomentum, 0...1, "how much of the copy stays in a step"),
        .flag("hyperbolic", \.isHyperbolic, "whether distances become hyperbolic; BYOL's do not"),
        .integer("ramp.start", \.start, 0...100_000, "last epoch, from 0, of the cosine alone"),
        .integer("ramp.length", \.length, 1...100_000, "epochs over which distances become hyperbolic"),
      ]

    /// λ in an epoch from 0.
    func share(epoch: Int) -> Float {
      isHyperbolic ? min(max(Float(epoch - start) / Float(length), 0), 1) : 0
    }
  }

  private typealias Projecting = (encoder: any SkeletonEncoder, projector: NormalizedLayers)

  /// `cosine`, `poincare`.
  public var terms: [String] { ["cosine"] + (settings.isHyperbolic ? ["poincare"] : []) }
  private let settings: Settings
  private let student: Projecting
  private let predictor: NormalizedLayers
  private let teacher: Teacher<Projecting>?
  private let clips: [View<Clips>]

  /// A model with fresh parameters `encoder_q.*`, the same of `encoder_k` if there is a copy, and `predictor.*`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    let size = settings.projection
    func projecting(_ scope: Scope) -> Projecting {
      let encoder = build.encoder(scope)
      return (
        encoder,
        NormalizedLayers(scope / "projector", widths: [encoder.featureCount, encoder.featureCount, size])
      )
    }
    student = projecting(build.root / "encoder_q")
    predictor = NormalizedLayers(build.root / "predictor", widths: [size, size, size])
    teacher = settings.hasCopy ? build.teacher("encoder_k", of: "encoder_q", projecting) : nil
    clips = [
      build.views.clips("query", settings.views.strong(build.frames) + [.reverse.sometimes(0.5)]),
      build.views.clips("key", settings.views.weak(build.frames)),
    ]
  }

  /// The loss of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    func projection(_ branch: Projecting, _ view: Int, _ pass: Pass) -> Tensor {
      branch.projector(branch.encoder(batch[clips[view]], pass), pass)  // (N, D)
    }
    let copied = teacher.map { teacher in
      clips.indices.map { projection(teacher.module, $0, step.pass("target \($0)")).detached() }
    }
    let passes = clips.indices.map { step.pass("prediction \($0)") }
    let own = clips.indices.map { projection(student, $0, passes[$0]) }
    let predictions = clips.indices.map { predictor(own[$0], passes[$0]) }
    let targets = copied ?? own.map { $0.detached() }
    for view in clips.indices {
      step.show("prediction \(view)", predictions[view])
      step.show("target \(view)", targets[view])
    }
    func both(_ distance: (Tensor, Tensor) -> Tensor) -> Tensor {
      (distance(predictions[0], targets[1]) + distance(predictions[1], targets[0])) * 0.5
    }
    let share = settings.share(epoch: step.epoch)
    var terms: [Term] = []
    if share < 1 {
      terms.append(Term("cosine", both { byol(prediction: $0, target: $1) }, weight: 1 - share))
    }
    if share > 0 {
      terms.append(Term("poincare", both { poincareDistance($0, to: $1).mean() }, weight: share))
    }
    step.learn(terms)
    // The released program moves the copy between forward and backward: towards what this step began with.
    if !step.wasStopped { teacher?.follow(settings.keyMomentum) }
  }
}
