import Batches
import NN
import Recipes
import Skeleton
import TensorCore

/// How does the body move of which half is hidden? Four statistics of the clip, each told by a head of its own.
///
/// The targets are standardized by running means and deviations, each of which is of one number over all samples (and
/// frames): the mean of all batches so far, and from the hundredth on a hundredth of the newest.
///
/// Source: MG-AL, Yang, Liu and Gao (IEEE TCSVT 2022, 10.1109/TCSVT.2022.3194350), as its abstract and PCM3++'s survey name
/// the statistics; formulas and hiding are ours.
public struct PriorTask: ContextTask {
  /// Whose statistics they are.
  public enum Persons: String, CaseIterable, Sendable {
    /// The first body's.
    case first
    /// The mean over all bodies that are there.
    case mean
  }

  /// The statistics.
  public enum Statistic: String, CaseIterable, Sendable {
    /// Each joint's share of the variance.
    case variance
    /// How much the speeds of two joints go together.
    case covariance
    /// The angle of adjacent bones in each frame.
    case angle
    /// How much each frame stands out.
    case deviation

    /// The statistic as it is computed.
    var kind: MotionStatistics.Kind {
      switch self {
      case .variance: .variance
      case .covariance: .covariance
      case .angle: .angle
      case .deviation: .deviation
      }
    }
  }

  /// The settings of the task.
  public struct Settings: ContextTaskSettings {
    /// What the loss is multiplied by.
    public var weight: Float = 1
    /// What is asked.
    public var statistics = Statistic.allCases
    /// Whose statistics they are.
    public var persons = Persons.first
    /// How many of the five parts of the body are hidden in each eighth of the clip, as a share.
    public var hidden: Float = 0.5
    /// How clips are augmented.
    public var view = TaskViewSettings(shear: 0.5)

    /// All four, two of five parts hidden.
    public init() {}

    /// The task's name.
    public static let kind = "prior"
    /// What it is.
    public static let summary = "How does the body move? Statistics of motion, after MG-AL, 2022."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        weightSetting, .choices("statistics", \.statistics, "what is asked about a clip"),
        .choice(
          "persons", \.persons, "whose statistics they are: the first body's, or the mean of those there"),
        .number("hidden", \.hidden, 0...1, "share of the body's parts hidden in each eighth of the clip"),
      ] + Setting.group("", \.view, TaskViewSettings.settings)

    /// Refuses statistics that are there twice, or none.
    public func checkConsistency(in file: String) throws {
      guard !statistics.isEmpty, Set(statistics).count == statistics.count else {
        throw InputError(
          file, at: "statistics", found: "\(statistics.map(\.rawValue))", expected: "some, each once")
      }
    }

    /// Refuses clips that have no eighths.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      guard hidden == 0 || around.frames.isMultiple(of: SegmentMask.segmentCount) else {
        throw InputError(
          file, at: "input.frames", found: "\(around.frames)", expected: "a multiple of 8",
          hint: "parts of the body are hidden in eighths of a clip; tasks: prior.hidden: 0 hides none")
      }
    }
  }

  /// `prior_variance` and so on.
  public let terms: [String]
  private let settings: Settings
  private let encoder: TaskEncoder
  private let heads: [Head]
  private let clips: View<Clips>
  private let targets: [View<Tensor>]

  /// Heads `variance.*` and so on, with their running statistics.
  public init(_ settings: Settings, _ scope: Scope, _ build: MethodBuilder, _ encoder: TaskEncoder) throws {
    (self.settings, self.encoder) = (settings, encoder)
    terms = settings.statistics.map { "prior_\($0)" }
    let statistics = MotionStatistics(build.layout, usesAllBodies: settings.persons == .mean)
    let seen = build.views.samples("prior", settings.view.steps(build.frames))
    targets = settings.statistics.map { statistic in
      let count = statistics.count(statistic.kind)
      return build.views.add { _, made in
        let values = made[seen].flatMap { statistics(statistic.kind, $0) }
        let samples = made[seen].count
        return Tensor(
          values,
          shape: statistic.kind.isOfFrames
            ? [samples, values.count / samples / count, count] : [samples, count])
      }
    }
    let mask =
      settings.hidden > 0 ? build.views.segmentMask("prior.hidden", of: seen, ratio: settings.hidden) : nil
    let read = build.views.clips(build.views.samples(seen, in: encoder.stream))
    clips = build.views.add { _, made in
      mask.map { Clips(made[read].values * made[$0]) } ?? made[read]
    }
    heads = settings.statistics.map { statistic in
      Head(scope / "\(statistic)", encoder, statistic.kind, count: statistics.count(statistic.kind))
    }
  }

  /// The mean squared error of each statistic. An answer is right if it is on the right side of the running mean.
  public func learn(from batch: Batch, _ step: inout Step) {
    let features = encoder.steps(batch[clips], step.pass("prior"))
    step.learn(
      zip(zip(terms, heads), targets).map { named, view in
        let (term, head) = named
        let target = head.standardized(batch[view])
        let said = head(features.whole, features.steps)
        step.show(term, said)
        let rises = target.values.map { $0 > 0 }
        let right = zip(said.values, rises).count { ($0 > 0) == $1 }
        let (count, share) = (Float(rises.count), Float(rises.count { $0 }) / Float(rises.count))
        Answers(accuracy: Float(right) / count, chance: max(share, 1 - share)).measure(term, &step)
        return Term(term, (said - target).square().mean(), weight: settings.weight)
      })
  }

  /// What tells a statistic, and what it was so far.
  private struct Head {
    private let whole: TaskHead?
    private let frames: FrameHead?
    private let running: (mean: Parameter, variance: Parameter, batches: Parameter)

    init(_ scope: Scope, _ encoder: TaskEncoder, _ kind: MotionStatistics.Kind, count: Int) {
      whole = kind.isOfFrames ? nil : TaskHead(scope, from: encoder.featureCount, hidden: 512, to: count)
      frames = kind.isOfFrames ? FrameHead(scope, encoder, to: count) : nil
      running = (
        scope.buffer("running_mean", shape: [count], value: 0),
        scope.buffer("running_var", shape: [count], value: 1),
        scope.buffer("num_batches_tracked", shape: [], value: 0, number: .whole)
      )
    }

    func callAsFunction(_ whole: Tensor, _ steps: Tensor) -> Tensor {
      self.whole?(whole) ?? frames?(steps) ?? whole
    }

    /// Targets (…, count) by what all batches with this one have had.
    func standardized(_ targets: Tensor) -> Tensor {
      let axes = Array(targets.shape.indices.dropLast())
      let mean = targets.mean(axes: axes)
      let batches = running.batches.value.scalar
      let share = max(1 / (batches + 1), 0.01)
      func move(_ parameter: Parameter, towards value: Tensor) {
        parameter.value = parameter.value * (1 - share) + value * share
      }
      let before = running.mean.value
      move(running.mean, towards: mean)
      // The squared distances from the old and the new mean: their running mean is the variance of all that was seen.
      let spread = ((targets - before) * (targets - running.mean.value)).mean(axes: axes)
      move(running.variance, towards: spread)
      running.batches.value = running.batches.value + Tensor(scalar: 1)
      return (targets - running.mean.value) / (running.variance.value + Tensor(scalar: 1e-6)).squareRoot()
    }
  }
}
