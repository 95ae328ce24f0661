import Batches
import NN
import Recipes
import Skeleton
import TensorCore

/// Is the clip in order, or was it changed? Half of the clips are.
///
/// Source: Chen et al., "Hierarchically self-supervised transformer for human skeleton representation learning" (ECCV 2022),
/// whose levels are asked whether two frames of a clip of seven, or two clips of a video, changed places, each pair at
/// least two apart. Here an encoder of any kind is asked of the whole clip. Playing backwards is the question that the
/// target of PCRP (Xu et al., 2021) suggests.
public struct OrderTask: ContextTask {
  /// What may have been changed.
  public enum Unit: String, CaseIterable, Sendable {
    /// Two frames of a stretch changed places.
    case frame
    /// Two of as many equal segments as the stretch has frames changed places.
    case segment
    /// All frames, which are played backwards.
    case reverse
  }

  /// The settings of the task.
  public struct Settings: ContextTaskSettings {
    /// What the loss is multiplied by.
    public var weight: Float = 1
    /// What may have been changed.
    public var unit = Unit.segment
    /// Frames of the stretch, or segments of the clip.
    public var window = 7
    /// How far apart are at least the two that changed places.
    public var distance = 2
    /// How clips are augmented.
    public var view = TaskViewSettings(shear: 0.5)

    /// Two of seven segments, at least two apart.
    public init() {}

    /// The task's name.
    public static let kind = "order"
    /// What it is.
    public static let summary = "Is the clip in order? After Hi-TRS, Chen et al., 2022."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        weightSetting,
        .choice(
          "unit", \.unit, "what changed places: two frames of a stretch, two segments, or all, backwards"),
        .integer("window", \.window, 2...1024, "frames of the stretch, or segments of the clip"),
        .integer("distance", \.distance, 1...1023, "how far apart are at least the two that changed places"),
      ] + Setting.group("", \.view, TaskViewSettings.settings)

    /// Refuses a distance that no two have.
    public func checkConsistency(in file: String) throws {
      guard distance < window else {
        throw InputError(
          file, at: "distance", found: "\(distance)", expected: "less than window, \(window)")
      }
    }

    /// Refuses more frames or segments than clips have.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      guard unit == .reverse || window <= around.frames else {
        throw InputError(
          file, at: "tasks: order.window", found: "\(window)",
          expected: "at most input.frames, \(around.frames)")
      }
    }

    /// The order of the frames of a clip that was changed.
    func changed(frames: Int, _ random: inout KeyedRandom) -> [Int] {
      guard unit != .reverse else { return Array((0..<frames).reversed()) }
      // All pairs that are far enough apart are alike.
      let pairs = (0..<window).flatMap { first in
        (first..<window).filter { $0 - first >= distance }.map { (first, $0) }
      }
      let (first, second) = pairs[random.integer(below: pairs.count)]
      if unit == .segment {
        var order = Array(0..<window)
        order.swapAt(first, second)
        return SegmentOrder(order).frames(of: frames)
      }
      let start = random.integer(in: 0...(frames - window))
      var order = Array(0..<frames)
      order.swapAt(start + first, start + second)
      return order
    }
  }

  /// `order`.
  public let terms = ["order"]
  private let settings: Settings
  private let encoder: TaskEncoder
  private let head: TaskHead
  private let clips: View<Clips>
  private let labels: View<[Int]>

  /// A head `head.*`.
  public init(_ settings: Settings, _ scope: Scope, _ build: MethodBuilder, _ encoder: TaskEncoder) throws {
    (self.settings, self.encoder) = (settings, encoder)
    head = TaskHead(scope / "head", from: encoder.featureCount, to: 2)
    let seen = build.views.samples(
      build.views.samples("order", settings.view.steps(build.frames)), in: encoder.stream)
    let orders: View<[[Int]?]> = build.views.add(keeps: false) { draw, made in
      made[seen].enumerated().map { sample, clip in
        var random = draw.random("order.change", of: sample)
        return random.unit() < 0.5 ? nil : settings.changed(frames: clip.frameCount, &random)
      }
    }
    labels = build.views.add { _, made in made[orders].map { $0 == nil ? 1 : 0 } }
    let changed: View<[SkeletonClip]> = build.views.add(keeps: false) { _, made in
      zip(made[seen], made[orders]).map { clip, order in order.map(clip.frames) ?? clip }
    }
    clips = build.views.clips(changed)
  }

  /// Cross-entropy of the two answers, 1 being in order.
  public func learn(from batch: Batch, _ step: inout Step) {
    let features = encoder(batch[clips], step.pass("order"))
    step.show("order", features)
    let logits = head(features)
    Answers(logits, labels: batch[labels]).measure("order", &step)
    step.learn(Term("order", softmaxCrossEntropy(logits, labels: batch[labels]), weight: settings.weight))
  }
}

/// Equal segments of a clip in another order: segments of ⌊T / count⌋ frames; what is left over at the end stays.
struct SegmentOrder: Sendable, Equatable {
  /// Which segment is in each place.
  let segments: [Int]

  init(_ segments: [Int]) { self.segments = segments }

  /// Which frame is in each place of a clip of so many.
  func frames(of count: Int) -> [Int] {
    let length = count / segments.count
    return segments.flatMap { segment in (0..<length).map { segment * length + $0 } }
      + Array((length * segments.count)..<count)
  }
}
