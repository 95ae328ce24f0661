import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// Where was each joint some frames ago? The direction, one of 27, and the length of its way, one of 16.
///
/// The features of a step answer for the step's last frame, by a linear layer for each interval. Intervals are counted in the
/// frames of the clip, after it was resampled.
///
/// Source: Kim et al., "Global-local motion transformer for unsupervised skeleton-based action learning" (ECCV 2022), and
/// its released code, which asks for all intervals at once and hides nothing. There one joint's place holds where the
/// whole body is, which counts less; elsewhere `root_weight: 1` makes that joint one as all others.
public struct DisplacementTask: ContextTask {
  /// The settings of the task. Defaults are the published ones.
  public struct Settings: ContextTaskSettings {
    /// What the loss is multiplied by.
    public var weight: Float = 1
    /// Frames between now and then.
    public var intervals = [1, 5, 10]
    /// The length of a step, in the unit of the data.
    public var step: Float = 0.01
    /// Up to which length a joint counts as still.
    public var still: Float = 0
    /// The joint in whose place the track of the whole body is.
    public var root = 20
    /// What the root's part is multiplied by.
    public var rootWeight: Float = 0.05
    /// What the part of lengths is multiplied by.
    public var lengthWeight: Float = 1
    /// How clips are augmented.
    public var view = TaskViewSettings(shear: 0.3)

    /// The published settings.
    public init() { view.crop = 0.9...1 }

    /// The task's name.
    public static let kind = "displacement"
    /// What it is.
    public static let summary = "Where was each joint some frames ago? After Kim et al., 2022."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        weightSetting,
        .integers("intervals", \.intervals, 1...1024, "frames of the clip between now and then"),
        .number("step", \.step, 1e-6...1000, "the length of one of the 14 steps, in the unit of the data"),
        .number("still", \.still, 0...1000, "up to which length a joint counts as still"),
        .integer("root", \.root, 0...24, "the joint in whose place the track of the whole body is"),
        .number("root_weight", \.rootWeight, 0...1000, "what the part of that joint is multiplied by"),
        .number("length_weight", \.lengthWeight, 0...1000, "what the part of lengths is multiplied by"),
      ] + Setting.group("", \.view, TaskViewSettings.settings)

    /// Refuses to ask for nothing.
    public func checkConsistency(in file: String) throws {
      guard !intervals.isEmpty else {
        throw InputError(file, at: "intervals", found: "none", expected: "at least one")
      }
    }
  }

  /// `displacement_direction`, `displacement_length`.
  public let terms = ["displacement_direction", "displacement_length"]
  private let settings: Settings
  private let encoder: TaskEncoder
  private let heads: DisplacementHeads
  private let layout: SkeletonLayout
  private let clips: View<Clips>
  private let samples: View<[SkeletonClip]>

  /// Heads `dir_pred_list.0` and so on, `mag_pred_list.0` and so on.
  public init(_ settings: Settings, _ scope: Scope, _ build: MethodBuilder, _ encoder: TaskEncoder) throws {
    (self.settings, self.encoder, layout) = (settings, encoder, build.layout)
    heads = DisplacementHeads(
      scope, features: encoder.stepFeatureCount, tokens: layout.jointCount * layout.bodies,
      intervals: settings.intervals.count)
    let seen: View<[SkeletonClip]> = build.views.samples("displacement", settings.view.steps(build.frames))
    samples = build.views.add { _, made in made[seen] }
    clips = build.views.clips(build.views.samples(seen, in: encoder.stream))
  }

  /// Cross-entropy of directions and of lengths, both as the mean over joints but the root, plus the root's.
  public func learn(from batch: Batch, _ step: inout Step) {
    let (_, features) = encoder.steps(batch[clips], step.pass("displacement"))  // (N, S, D')
    step.show("displacement", features)
    let frames = Self.frames(of: features.shape[1], in: batch[clips].frames)
    let labels = batch[samples].map {
      DisplacementLabels(
        $0.values, joints: layout.jointCount, bodies: layout.bodies, frames: frames,
        intervals: settings.intervals, step: settings.step, bins: DisplacementHeads.lengths - 2,
        still: settings.still)
    }
    let said = heads(features)
    let (directions, lengths) = (labels.flatMap(\.directions), labels.flatMap(\.lengths))
    step.learn(
      Term(
        terms[0], answer(said.directions, directions, terms[0], &step), weight: settings.weight),
      Term(
        terms[1], answer(said.lengths, lengths, terms[1], &step),
        weight: settings.weight * settings.lengthWeight))
  }

  /// The last frames of so many steps of a clip.
  static func frames(of steps: Int, in count: Int) -> [Int] {
    (0..<steps).map { max(($0 + 1) * count / steps - 1, 0) }
  }

  /// The loss of logits (N, S, I, V M, classes).
  private func answer(_ said: Tensor, _ labels: [Int], _ term: String, _ step: inout Step) -> Tensor {
    let width = said.shape[4]
    let rows = said.reshaped([said.count / width, width])
    Answers(rows, labels: labels).measure(term, &step)
    let tokens = layout.jointCount * layout.bodies
    func part(_ isRoot: Bool) -> Tensor {
      let own = labels.indices.filter { ($0 % tokens / layout.bodies == settings.root) == isRoot }
      return softmaxCrossEntropy(rows.rows(own), labels: own.map { labels[$0] })
    }
    return settings.rootWeight > 0 ? part(false) + part(true) * settings.rootWeight : part(false)
  }
}
