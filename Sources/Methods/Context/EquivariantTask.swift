import Batches
import NN
import Recipes
import Skeleton
import TensorCore

/// Contrast of clips whose segments were shuffled: the same shuffle of another view of the sample is alike, other shuffles of
/// it are not, so that features change with the order of what happens.
///
/// With q a shuffled view, k the same shuffle of another view, and n_j other shuffles of that view, all of length 1 behind
/// a projector,
///
///     loss = -log (e^(q k / τ) / (Σ over the batch's keys e^(q k' / τ) + Σ_j e^(q n_j / τ)))
///
/// Source: Eq-Contrast, Lin, Zhang and Liu (IEEE TIP 2024, 10.1109/TIP.2024.3372451), whose abstract says that much; the
/// equation is ours.
public struct EquivariantTask: ContextTask {
  /// The settings of the task.
  public struct Settings: ContextTaskSettings {
    /// What the loss is multiplied by.
    public var weight: Float = 0.5
    /// Segments of a clip.
    public var segments = 3
    /// Other shuffles of a sample that are negatives.
    public var others = 2
    /// Numbers in an embedding.
    public var projection = 128
    /// The temperature, τ.
    public var temperature: Float = 0.1
    /// How clips are augmented.
    public var view = TaskViewSettings(shear: 0.5)

    /// Three segments, and two other shuffles.
    public init() {}

    /// The task's name.
    public static let kind = "equivariant"
    /// What it is.
    public static let summary = "Which clip has the same segments in the same order? After Eq-Contrast, 2024."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        weightSetting, .integer("segments", \.segments, 2...5, "segments of a clip"),
        .integer("others", \.others, 0...119, "other shuffles of a sample that are negatives"),
        .integer("projection", \.projection, 2...4096, "numbers in an embedding"),
        .number("temperature", \.temperature, 0.001...10, "temperature of the contrast"),
      ] + Setting.group("", \.view, TaskViewSettings.settings)

    /// Refuses more shuffles than there are.
    public func checkConsistency(in file: String) throws {
      let shuffles = (1...segments).reduce(1, *)
      guard others < shuffles else {
        throw InputError(
          file, at: "others", found: "\(others)",
          expected: "less than \(shuffles), the orders of \(segments) segments")
      }
    }
  }

  /// `equivariant`.
  public let terms = ["equivariant"]
  private let settings: Settings
  private let encoder: TaskEncoder
  private let projector: Projector
  private let query: View<Clips>
  private let keys: [View<Clips>]

  /// A projector `fc.*`.
  public init(_ settings: Settings, _ scope: Scope, _ build: MethodBuilder, _ encoder: TaskEncoder) throws {
    (self.settings, self.encoder) = (settings, encoder)
    projector = Projector(scope, features: encoder.featureCount, size: settings.projection)
    // Of each sample the query's order, and those of its negatives.
    let orders: View<[[SegmentOrder]]> = build.views.add(keeps: false) { draw, _ in
      draw.names.indices.map { sample in
        var random = draw.random("equivariant.order", of: sample)
        var drawn: [SegmentOrder] = []
        while drawn.count < 1 + settings.others {
          let order = SegmentOrder(random.shuffled(Array(0..<settings.segments)))
          if !drawn.contains(order) { drawn.append(order) }
        }
        return drawn
      }
    }
    func shuffled(_ view: String) -> View<[SkeletonClip]> {
      build.views.samples(
        build.views.samples("equivariant.\(view)", settings.view.steps(build.frames)), in: encoder.stream)
    }
    func clips(_ samples: View<[SkeletonClip]>, _ number: Int) -> View<Clips> {
      let ordered: View<[SkeletonClip]> = build.views.add(keeps: false) { _, made in
        zip(made[samples], made[orders]).map { $0.frames($1[number].frames(of: $0.frameCount)) }
      }
      return build.views.clips(ordered)
    }
    let (first, second) = (shuffled("query"), shuffled("key"))
    query = clips(first, 0)
    keys = (0...settings.others).map { clips(second, $0) }
  }

  /// The contrast. An answer is right if no key is nearer than the own one.
  public func learn(from batch: Batch, _ step: inout Step) {
    func embedded(_ view: View<Clips>, _ name: String) -> Tensor {
      projector(encoder(batch[view], step.pass("equivariant.\(name)")))
    }
    let queries = embedded(query, "query")
    let keys = keys.enumerated().map { embedded($1, "key \($0)") }
    step.show("equivariant", queries)
    for (number, key) in keys.enumerated() { step.show("equivariant \(number)", key) }
    let count = queries.shape[0]
    let columns =
      [queries.matmul(keys[0], transposed: true)]
      + keys.dropFirst().map { queries.rowDot($0).reshaped([count, 1]) }
    let logits = Tensor.concatenated(columns, axis: 1) * (1 / settings.temperature)
    let labels = Array(0..<count)
    Answers(logits, labels: labels).measure("equivariant", &step)
    step.learn(Term("equivariant", softmaxCrossEntropy(logits, labels: labels), weight: settings.weight))
  }
}
