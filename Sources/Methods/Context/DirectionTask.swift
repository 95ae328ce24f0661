import Batches
import NN
import Recipes
import Skeleton
import TensorCore

/// Which way do joints move that cannot be seen? For each frame, joint, axis and body whether it goes up or down to the next.
///
/// Source: Cheng et al., "Hierarchical transformer: unsupervised representation learning for skeleton-based human action
/// recognition" (ICME 2021), as PCM3++'s survey has it in a sentence; the reading is ours. The encoder sees a clip of
/// which some joints of some frames are 0, and is asked about these: of what it sees, the answer would be a difference.
public struct DirectionTask: ContextTask {
  /// What is asked about.
  public enum Extent: String, CaseIterable, Sendable {
    /// What the encoder does not see.
    case hidden
    /// Everything.
    case all
  }

  /// What coordinates are of.
  public enum Frame: String, CaseIterable, Sendable {
    /// As the data have them.
    case asNormalized = "as_normalized"
    /// From the body's root of the same frame.
    case rootRelative = "root_relative"
  }

  /// The settings of the task.
  public struct Settings: ContextTaskSettings {
    /// What the loss is multiplied by.
    public var weight: Float = 1
    /// How much of the joints of all frames is hidden.
    public var hidden: Float = 0.15
    /// What is asked about.
    public var extent = Extent.hidden
    /// The longest way that has no direction, as a share of the mean length of a bone.
    public var deadzone: Float = 0.002
    /// What coordinates are of.
    public var frame = Frame.asNormalized
    /// How clips are augmented.
    public var view = TaskViewSettings(shear: 0.5)

    /// A seventh of the joints hidden and asked about.
    public init() {}

    /// The task's name.
    public static let kind = "direction"
    /// What it is.
    public static let summary = "Which way do hidden joints move? After the hierarchical transformer, 2021."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        weightSetting,
        .number(
          "hidden", \.hidden, 0...0.95, "how much of the joints of all frames the encoder does not see"),
        .choice("on", \.extent, "what is asked about: what is hidden, or all"),
        .number(
          "deadzone", \.deadzone, 0...1,
          "the longest way along an axis that has no direction, as a share of the mean length of a bone"),
        .choice("frame", \.frame, "whether ways are those of the coordinates as they are, or from the root"),
      ] + Setting.group("", \.view, TaskViewSettings.settings)

    /// Refuses to ask about what is hidden where nothing is.
    public func checkConsistency(in file: String) throws {
      guard extent == .all || hidden > 0 else {
        throw InputError(file, at: "hidden", found: "0", expected: "more than 0, as on is hidden")
      }
    }

    /// For each number of a clip 1 where it rises to the next frame, 0 where it falls, and whether it has a direction at
    /// all, (T, V, C, M) both; the last frame has none.
    func directions(_ clip: SkeletonClip, _ layout: SkeletonLayout) -> (rises: [Float], counts: [Float]) {
      let width = SkeletonClip.width
      let limit = deadzone * clip.meanBone(layout)
      var x = clip.values
      if frame == .rootRelative {
        for place in x.indices {
          let (start, offset) = (place / width * width, place % width)
          x[place] -= clip.values[start + layout.centre * 6 + offset % 6]
        }
      }
      var (rises, counts) = ([Float](repeating: 0, count: x.count), [Float](repeating: 0, count: x.count))
      for place in 0..<max(x.count - width, 0) {
        let way = x[place + width] - x[place]
        rises[place] = way > 0 ? 1 : 0
        counts[place] = abs(way) > limit ? 1 : 0
      }
      return (rises, counts)
    }
  }

  /// `direction`.
  public let terms = ["direction"]
  private let settings: Settings
  private let encoder: TaskEncoder
  private let head: FrameHead
  private let clips: View<Clips>
  private let answers: View<DirectionAnswers>

  /// A head `head.*`.
  public init(_ settings: Settings, _ scope: Scope, _ build: MethodBuilder, _ encoder: TaskEncoder) throws {
    (self.settings, self.encoder) = (settings, encoder)
    let layout = build.layout
    head = FrameHead(scope / "head", encoder, to: layout.width)
    let seen = build.views.samples("direction", settings.view.steps(build.frames))
    let (joints, places) = (layout.jointCount, layout.width / layout.jointCount)
    let shown: View<Tensor> = build.views.add { draw, made in
      let values = made[seen].enumerated().flatMap { sample, clip -> [Float] in
        var random = draw.random("direction.hidden", of: sample)
        return (0..<clip.frameCount * joints).flatMap { _ in
          [Float](repeating: random.unit() < settings.hidden ? 0 : 1, count: places)
        }
      }
      return Tensor(
        values, shape: [made[seen].count, values.count / layout.width / made[seen].count, layout.width])
    }
    answers = build.views.add { _, made in
      let found = made[seen].map { settings.directions($0, layout) }
      let shape = made[shown].shape
      let counts = Tensor(found.flatMap(\.counts), shape: shape)
      return DirectionAnswers(
        rises: Tensor(found.flatMap(\.rises), shape: shape),
        counts: settings.extent == .all ? counts : counts * (Tensor(scalar: 1) - made[shown]))
    }
    let read = build.views.clips(build.views.samples(seen, in: encoder.stream))
    clips = build.views.add { _, made in Clips(made[read].values * made[shown]) }
  }

  /// The mean cross-entropy of all that has a direction and is asked about. Accuracy is the mean of those of both answers.
  public func learn(from batch: Batch, _ step: inout Step) {
    let answers = batch[answers]
    let count = answers.counts.sum().scalar
    guard count > 0 else { return }
    let logits = head(encoder.steps(batch[clips], step.pass("direction")).steps)  // (N, T, V · C · M)
    step.show("direction", logits)
    // log(1 + eˣ) - s x, without overflow.
    let softplus = logits.relu() + ((logits.abs() * -1).exp() + Tensor(scalar: 1)).log()
    let losses = (softplus - logits * answers.rises) * answers.counts
    answers.measure(logits.values, &step)
    step.learn(Term("direction", losses.sum() * (1 / count), weight: settings.weight))
  }
}
