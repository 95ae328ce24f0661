import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// In what order are the parts of the clip? One of all permutations of some parts of equal length.
///
/// Source: Lin et al., "MS2L: multi-task self-supervised learning for skeleton based action recognition" (ACM MM 2020), and
/// its released code: three parts, permutations by their lexicographic number, frames that are left at the end stay. That
/// frames are left out at the seams, which give the order away, is ours.
public struct JigsawTask: ContextTask {
  /// What the head reads.
  public enum Pool: String, CaseIterable, Sendable {
    /// The mean over steps of time.
    case mean
    /// The encoder's feature of the clip.
    case feature
  }

  /// The settings of the task. Defaults are MS2L's but for the seams.
  public struct Settings: ContextTaskSettings {
    /// What the loss is multiplied by.
    public var weight: Float = 1
    /// Parts of a clip.
    public var segments = 3
    /// Frames that are left out where parts meet.
    public var gap = 2
    /// The share of clips whose parts are shuffled.
    public var share: Float = 1
    /// What the head reads.
    public var pool = Pool.mean
    /// Numbers inside the head.
    public var hidden = 2048
    /// How clips are augmented.
    public var view = TaskViewSettings(shear: 0)

    /// The published settings.
    public init() { view.crop = 0.95...0.95 }

    /// The task's name.
    public static let kind = "jigsaw"
    /// What it is.
    public static let summary = "In what order are the parts of the clip? After MS2L, 2020."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        weightSetting,
        .integer("segments", \.segments, 2...5, "parts of a clip, which can have 2, 6, 24 or 120 orders"),
        .integer("gap", \.gap, 0...1024, "frames that are left out of a part where it meets the one before"),
        .number("share", \.share, 0...1, "share of the clips whose parts are shuffled"),
        .choice("pool", \.pool, "what the head reads: the mean over time, or the encoder's feature"),
        .integer("hidden", \.hidden, 1...65536, "numbers inside the head"),
      ] + Setting.group("", \.view, TaskViewSettings.settings)

    /// Refuses parts of which nothing is left.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      guard around.frames / segments > gap else {
        throw InputError(
          file, at: "gap", found: "\(gap)",
          expected: "less than a part's \(around.frames / segments) frames")
      }
    }
  }

  /// `jigsaw`.
  public let terms = ["jigsaw"]
  private let settings: Settings
  private let encoder: TaskEncoder
  private let head: NormalizedLayers
  private let clips: View<Clips>
  private let orders: View<[Int]>

  /// A head `head.*`.
  public init(_ settings: Settings, _ scope: Scope, _ build: MethodBuilder, _ encoder: TaskEncoder) throws {
    (self.settings, self.encoder) = (settings, encoder)
    let permutations = Self.permutations(settings.segments)
    let inputs = settings.pool == .mean ? encoder.stepFeatureCount : encoder.featureCount
    head = NormalizedLayers(scope / "head", widths: [inputs, settings.hidden, permutations.count])
    let seen: View<[SkeletonClip]> = build.views.samples("jigsaw", settings.view.steps(build.frames))
    let drawn: View<[Int]> = build.views.add { draw, _ in
      draw.names.indices.map { sample in
        var random = draw.random("jigsaw.order", of: sample)
        return random.unit() < settings.share ? random.integer(below: permutations.count) : 0
      }
    }
    orders = drawn
    let shuffled: View<[SkeletonClip]> = build.views.add(keeps: false) { _, made in
      zip(made[seen], made[drawn]).map { Self.shuffled($0, permutations[$1], gap: settings.gap) }
    }
    clips = build.views.clips(build.views.samples(shuffled, in: encoder.stream))
  }

  /// Cross-entropy of the number of the permutation.
  public func learn(from batch: Batch, _ step: inout Step) {
    let pass = step.pass("jigsaw")
    let features =
      settings.pool == .mean
      ? encoder.steps(batch[clips], pass).steps.mean(axes: [1]) : encoder(batch[clips], pass)
    step.show("jigsaw", features)
    let logits = head(features, pass)
    step.show("jigsaw.logits", logits)
    Answers(logits, labels: batch[orders]).measure("jigsaw", &step)
    step.learn(
      Term("jigsaw", softmaxCrossEntropy(logits, labels: batch[orders]), weight: settings.weight))
  }

  /// All orders of 0 ..< count, the lexicographically smallest first.
  static func permutations(_ count: Int) -> [[Int]] {
    func all(_ rest: [Int]) -> [[Int]] {
      rest.isEmpty
        ? [[]] : rest.flatMap { first in all(rest.filter { $0 != first }).map { [first] + $0 } }
    }
    return all(Array(0..<count))
  }

  /// A clip whose part i is part order[i] of the one that is given. Of each part the first `gap` frames are left out, and the
  /// rest is stretched to its length; frames that are left at the end stay.
  static func shuffled(_ clip: SkeletonClip, _ order: [Int], gap: Int) -> SkeletonClip {
    let length = clip.frameCount / order.count
    let parts = order.flatMap { part in
      clip.resampled(start: part * length + gap, length: length - gap, to: length).values
    }
    let rest = clip.values.dropFirst(parts.count)
    return SkeletonClip(values: parts + rest)
  }
}
