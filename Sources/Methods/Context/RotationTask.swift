import Batches
import Foundation
import NN
import Recipes
import Skeleton
import TensorCore

/// By how much was the clip turned? Reversed, so that the encoder learns features that do not tell, or straight.
///
/// Each clip is turned about one axis or several by angles from U(-range, range). The head says sine and cosine of each,
/// whose mean squared error is the loss, or the angle itself by the absolute error: angles are circular, which the
/// absolute error does not know.
///
/// Source: Paoletti et al., "Unsupervised human action recognition with skeletal graph Laplacian and self-supervised
/// viewpoints invariance" (BMVC 2021), section 3.3: angles about three axes from the whole circle, absolute errors, a
/// constant strength of 0.001, beside an autoencoder. Its program turns about one axis, and multiplies by the strength
/// twice. The defaults are ours: people stand, so one axis, and sine and cosine.
public struct RotationTask: ContextTask {
  /// What the head says of an angle.
  public enum Target: String, CaseIterable, Sendable {
    /// Its sine and cosine.
    case sincos
    /// The angle, between -range and range.
    case angle
  }

  /// The settings of the task.
  public struct Settings: ContextTaskSettings {
    /// What the loss is multiplied by.
    public var weight: Float = 1
    /// The axes of turns; those about x come before those about y and z.
    public var axes: [TurnAxis] = [.z]
    /// The largest angle, in degrees.
    public var range: Float = 180
    /// What the head says.
    public var target = Target.sincos
    /// How clips are augmented.
    public var view = TaskViewSettings(shear: 0)
    /// Whether the encoder is to forget the answer.
    public var reversal = ReversalSettings(isOn: true)

    /// Reversed turns about the upright axis.
    public init() {}

    /// The task's name.
    public static let kind = "rotation"
    /// What it is.
    public static let summary = "By how much was the clip turned? After Paoletti et al., 2021."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        weightSetting, .choices("axes", \.axes, TurnAxis.meaning),
        .number("range", \.range, 1...180, "the largest angle of a turn, in degrees"),
        .choice("target", \.target, "what is said of an angle: its sine and cosine, or the angle itself"),
      ] + Setting.group("", \.view, TaskViewSettings.settings)
      + Setting.group("", \.reversal, ReversalSettings.settings)

    /// As the settings say.
    public var isReversed: Bool { reversal.isOn }

    /// Refuses axes that are there twice, or none.
    public func checkConsistency(in file: String) throws {
      guard !axes.isEmpty, Set(axes).count == axes.count else {
        throw InputError(
          file, at: "axes", found: "\(axes.map(\.rawValue))", expected: "some of x, y, z, each once")
      }
    }
  }

  /// `rotation`, and `rotation_probe` where it is reversed.
  public let terms: [String]
  private let settings: Settings
  private let encoder: TaskEncoder
  private let head: TaskHead
  private let probe: TaskHead?
  private let clips: View<Clips>
  private let angles: View<[[Float]]>

  /// Heads `head.*` and, where it is reversed, `probe.*`.
  public init(_ settings: Settings, _ scope: Scope, _ build: MethodBuilder, _ encoder: TaskEncoder) throws {
    (self.settings, self.encoder) = (settings, encoder)
    terms = settings.isReversed ? ["rotation", "rotation_probe"] : ["rotation"]
    let outputs = settings.axes.count * (settings.target == .sincos ? 2 : 1)
    head = TaskHead(scope / "head", from: encoder.featureCount, to: outputs)
    probe =
      settings.isReversed ? TaskHead(scope / "probe", from: encoder.featureCount, to: outputs) : nil
    let seen: View<[SkeletonClip]> = build.views.samples("rotation", settings.view.steps(build.frames))
    let (axes, range) = (settings.axes, settings.range)
    let drawn: View<[[Float]]> = build.views.add { draw, _ in
      draw.names.indices.map { sample in
        var random = draw.random("rotation.angles", of: sample)
        return axes.map { _ in random.uniform(-range, range) }
      }
    }
    angles = drawn
    let turned: View<[SkeletonClip]> = build.views.add(keeps: false) { _, made in
      zip(made[seen], made[drawn]).map { clip, angles in
        let degrees = TurnAxis.allCases.map { axis in axes.firstIndex(of: axis).map { angles[$0] } ?? 0 }
        return clip.sheared(by: SkeletonClip.turn(degrees: degrees))
      }
    }
    clips = build.views.clips(build.views.samples(turned, in: encoder.stream))
  }

  /// The error of what the head says, whose gradient comes back into the encoder reversed; the probe reads the same
  /// features and changes nothing in them.
  public func learn(from batch: Batch, _ step: inout Step) {
    let radians = batch[angles].map { $0.map { $0 * .pi / 180 } }
    let features = encoder(batch[clips], step.pass("rotation"))
    step.show("rotation", features)
    let said = head(settings.reversal(features, step))
    answers(said, radians).measure("rotation", &step)
    var losses = [Term("rotation", loss(said, radians), weight: settings.weight)]
    if let probe {
      let said = probe(features.detached())
      answers(said, radians).measure("rotation_probe", &step)
      losses.append(Term("rotation_probe", loss(said, radians)))
    }
    step.learn(losses)
  }

  /// The error of what a head says, (N, outputs), of angles (N)(axes) in radians.
  private func loss(_ said: Tensor, _ radians: [[Float]]) -> Tensor {
    switch settings.target {
    case .sincos:
      let target = Tensor(radians.flatMap { $0.flatMap { [sin($0), cos($0)] } }, shape: said.shape)
      return (said - target).square().mean()
    case .angle:
      return (angle(said) - Tensor(radians.flatMap(\.self), shape: said.shape)).abs().mean()
    }
  }

  /// Numbers between -range and range, in radians.
  private func angle(_ said: Tensor) -> Tensor {
    (said.sigmoid() * 2 - Tensor(scalar: 1)) * (settings.range * .pi / 180)
  }

  /// How many angles are right to a sixth of the range, which one in six would be by chance.
  private func answers(_ said: Tensor, _ radians: [[Float]]) -> Answers {
    let truth = radians.flatMap(\.self)
    let values = settings.target == .angle ? angle(said).values : said.values
    let limit = settings.range * .pi / 180 / 6
    let right = truth.enumerated().count { index, angle in
      let guess =
        settings.target == .angle ? values[index] : atan2(values[2 * index], values[2 * index + 1])
      let error = abs(guess - angle)
      return min(error, 2 * .pi - error) <= limit
    }
    return Answers(accuracy: Float(right) / Float(max(truth.count, 1)), chance: 1 / 6)
  }
}
