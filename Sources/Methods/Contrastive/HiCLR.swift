import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// HiCLR: views that are augmented more and more, each of which follows the one before.
///
/// With p(z) = softmax([z·k, z·queue] / τ), the weak view w, the strong one s and m, another strong one of which some joints
/// of every frame are a learned number,
///
///     L = InfoNCE(w, k) + ½ H(p(w), p(s)) + ½ H(p(s), p(m)),  the first p of each pair a constant
///
/// and in the second stage the queue's nearest key to w, s and m each counts as another positive of w.
///
/// Source: Zhang et al., "Hierarchical consistent contrastive learning for skeleton-based action recognition with growing
/// augmentations" (AAAI 2023), and its released code, whose settings drop no bones, and whose key branch is drawn anew
/// after it was copied; here it starts as the copy.
public struct HiCLR: PretrainingMethod {
  /// The settings of HiCLR. Defaults are those of the first published stage.
  public struct Settings: MethodSettings {
    /// How the weak view and the key are augmented, and the strong ones at first.
    public var views = CropShearSettings()
    /// How they are contrasted.
    public var contrast = MomentumContrastSettings()
    /// Keys of the queue that each view names as positives.
    public var mined = 0
    /// Joints of each frame of the last view that are the learned number.
    public var hidden = 2

    /// The published settings.
    public init() {}

    /// The method's name.
    public static let kind = "hiclr"
    /// What it is.
    public static let summary = "HiCLR: contrast, and views that are augmented more and more."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, CropShearSettings.settings)
      + Setting.group("", \.contrast, MomentumContrastSettings.settings) + [
        .integer(
          "mined", \.mined, 0...1024,
          "keys of the queue that each view names as further positives; 1 in the second stage"),
        .integer(
          "hidden", \.hidden, 1...24, "joints of each frame of the last view that are a learned number"),
      ]

    /// Refuses batches that do not fill the queue, and queues that have fewer keys than are mined.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try contrast.check(around, in: file)
      try InputError.check(mined: mined, of: contrast.queue, in: file)
    }
  }

  /// `nce`, `ce_strong`, `ce_masked`.
  public let terms = ["nce", "ce_strong", "ce_masked"]
  private let settings: Settings
  private let contrast: MomentumContrast<Branch>
  private let fill: Parameter  // (1)
  private let key: View<Clips>
  private let clips: [(name: String, view: View<Clips>)]
  private let visible: View<Tensor>

  /// A model with fresh parameters `encoder_q.*`, the same of `encoder_k`, and `joint_mask.fill`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    contrast = MomentumContrast(settings.contrast, build) { scope in
      Branch(scope, build.encoder(scope), size: settings.contrast.projection, start: .smallNormal)
    }
    fill = (build.root / "joint_mask").parameter("fill", shape: [1], initialise: constant(0))
    let (weak, strong) = (settings.views.weak(build.frames), settings.views.strong(build.frames))
    key = build.views.clips("key", weak)
    clips = [
      ("query", build.views.clips("query", weak)), ("strong", build.views.clips("strong", strong)),
      ("masked", build.views.clips("masked", strong)),
    ]
    visible = build.views.jointFrameMask("hidden joints", frames: build.frames, count: settings.hidden)
  }

  /// The losses of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let keys = contrast.keys { $0(batch[key], step.pass("key")) }  // (N, D)
    step.show("keys", keys)
    let embeddings = clips.map { name, view in
      var x = batch[view]
      if name == "masked" {
        let shown = batch[visible]  // (T, 150)
        x = Clips(x.values * shown + (Tensor(scalar: 1) - shown) * fill.value)
      }
      return contrast.student(x, step.pass(name))  // (N, D)
    }
    for (clip, embedding) in zip(clips, embeddings) { step.show("embedding \(clip.name)", embedding) }
    step.learn(
      contrast.terms(
        embeddings.map { contrast.logits($0, keys) }, mined: settings.mined,
        [
          Following(name: "ce_strong", leader: 0, follower: 1),
          Following(name: "ce_masked", leader: 1, follower: 2),
        ]))
    if !step.wasStopped { contrast.queue.enqueue(keys) }
  }
}
