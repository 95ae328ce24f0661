import Batches
import NN
import Recipes
import TensorCore

/// SkeletonCLR: a sequence is told from those in a queue by the key of its other view.
///
///     L = -log( exp(q·k / τ) / (exp(q·k / τ) + Σ_i exp(q·n_i / τ)) ),  n_i the queue
///
/// Source: Li et al., "3D human action representation learning via cross-view consistency pursuit" (CVPR 2021), 3.1, and
/// its released code, whose key branch is drawn anew after it was copied; here it starts as the copy.
public struct SkeletonCLR: PretrainingMethod {
  /// The settings of SkeletonCLR. Defaults are the published ones.
  public struct Settings: MethodSettings {
    /// How the query and the key are augmented.
    public var views = CropShearSettings()
    /// How they are contrasted.
    public var contrast = MomentumContrastSettings()

    /// The published settings.
    public init() {}

    /// The method's name.
    public static let kind = "skeletonclr"
    /// What it is.
    public static let summary = "SkeletonCLR: contrast of two views of a sequence with a queue."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, CropShearSettings.settings)
      + Setting.group("", \.contrast, MomentumContrastSettings.settings)

    /// Refuses batches that do not fill the queue.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try contrast.check(around, in: file)
    }
  }

  /// `nce`.
  public let terms = ["nce"]
  private let contrast: MomentumContrast<Branch>
  private let (query, key): (View<Clips>, View<Clips>)

  /// A model with fresh parameters `encoder_q.*`, and the same of `encoder_k`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    contrast = MomentumContrast(settings.contrast, build) { scope in
      Branch(scope, build.encoder(scope), size: settings.contrast.projection, start: .smallNormal)
    }
    query = build.views.clips("query", settings.views.weak(build.frames))
    key = build.views.clips("key", settings.views.weak(build.frames))
  }

  /// The loss of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let keys = contrast.keys { $0(batch[key], step.pass("key")) }  // (N, D)
    let z = contrast.student(batch[query], step.pass("query"))  // (N, D)
    step.show("embedding", z)
    step.show("keys", keys)
    step.learn(Term("nce", contrast.nce(z, keys)))
    if !step.wasStopped { contrast.queue.enqueue(keys) }
  }
}
