import Batches
import NN
import Recipes
import Skeleton
import TensorCore

/// From which side is the clip seen? Reversed, so that the encoder learns features that do not tell.
///
/// Source: Li et al., "Unsupervised learning of view-invariant action representations" (NeurIPS 2018), whose input is video;
/// the reading for skeletons is ours. There the cameras are those of NTU RGB+D, here also those of PKU-MMD, or some
/// turns about the vertical axis where a data set has but one camera.
public struct ViewTask: ContextTask {
  /// Where the sides come from.
  public enum Source: String, CaseIterable, Sendable {
    /// The camera in a sample's name; a sample without one is left out of the loss.
    case camera
    /// A turn about an axis, drawn from a few.
    case synthetic
  }

  /// The settings of the task.
  public struct Settings: ContextTaskSettings {
    /// What the loss is multiplied by.
    public var weight: Float = 1
    /// Where the sides come from.
    public var source = Source.camera
    /// The turns of synthetic sides, in degrees.
    public var angles: [Float] = [-45, 0, 45]
    /// The axis of synthetic turns.
    public var axis = TurnAxis.z
    /// How clips are augmented.
    public var view = TaskViewSettings(shear: 0)
    /// Whether the encoder is to forget the answer.
    public var reversal = ReversalSettings(isOn: true)

    /// A reversed question about the camera.
    public init() {}

    /// The task's name.
    public static let kind = "view"
    /// What it is.
    public static let summary =
      "From which camera is it seen? Of use for data whose profile does not turn bodies, such as raw or ctrgcn."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        weightSetting,
        .choice(
          "source", \.source,
          "camera asks for the camera of the sample's name, synthetic for one of some turns about an axis"),
        .numbers("angles", \.angles, -180...180, "the turns of synthetic sides, in degrees"),
        .choice("axis", \.axis, TurnAxis.meaning),
      ] + Setting.group("", \.view, TaskViewSettings.settings)
      + Setting.group("", \.reversal, ReversalSettings.settings)

    /// As the settings say.
    public var isReversed: Bool { reversal.isOn }
    /// As the settings say.
    public var asksForCamera: Bool { source == .camera }
    /// How many answers there are.
    var classes: Int { source == .camera ? 3 : angles.count }

    /// Refuses a question with one answer.
    public func checkConsistency(in file: String) throws {
      guard source == .camera || Set(angles).count == angles.count, classes > 1 else {
        throw InputError(file, at: "angles", found: "\(angles)", expected: "two different ones or more")
      }
    }
  }

  /// `view`, and `view_probe` where it is reversed.
  public let terms: [String]
  private let settings: Settings
  private let encoder: TaskEncoder
  private let head: TaskHead
  private let probe: TaskHead?
  private let samples: View<[SkeletonClip]>
  private let clips: View<Clips>
  private let sides: View<[Int?]>

  /// Heads `head.*` and, where it is reversed, `probe.*`.
  public init(_ settings: Settings, _ scope: Scope, _ build: MethodBuilder, _ encoder: TaskEncoder) throws {
    (self.settings, self.encoder) = (settings, encoder)
    terms = settings.isReversed ? ["view", "view_probe"] : ["view"]
    head = TaskHead(scope / "head", from: encoder.featureCount, to: settings.classes)
    probe =
      settings.isReversed
      ? TaskHead(scope / "probe", from: encoder.featureCount, to: settings.classes) : nil
    let steps = settings.view.steps(build.frames)
    let seen: View<[SkeletonClip]> = build.views.samples("view", steps)
    let (angles, axis) = (settings.angles, settings.axis)
    if settings.source == .camera {
      sides = build.views.add { draw, _ in draw.names.map { Camera(ofSample: $0).map { $0.number - 1 } } }
      samples = seen
    } else {
      let drawn: View<[Int?]> = build.views.add { draw, _ in
        draw.names.indices.map { sample in
          var random = draw.random("view.side", of: sample)
          return random.integer(below: angles.count)
        }
      }
      sides = drawn
      samples = build.views.add(keeps: false) { _, made in
        zip(made[seen], made[drawn]).map { clip, side in
          side.map { clip.sheared(by: axis.turn(degrees: angles[$0])) } ?? clip
        }
      }
    }
    clips = build.views.clips(build.views.samples(samples, in: encoder.stream))
  }

  /// Cross-entropy of what the head says, whose gradient comes back into the encoder reversed. The probe reads the same
  /// features and changes nothing in them: that the head fails is no proof that nothing can be told.
  public func learn(from batch: Batch, _ step: inout Step) {
    let sides = batch[sides]
    let known = sides.indices.filter { sides[$0] != nil }
    let labels = known.compactMap { sides[$0] }
    guard !labels.isEmpty else { return }
    let features = encoder(batch[clips], step.pass("view")).rows(known)
    step.show("view", features)
    let logits = head(settings.reversal(features, step))
    Answers(logits, labels: labels).measure("view", &step)
    var losses = [Term("view", softmaxCrossEntropy(logits, labels: labels), weight: settings.weight)]
    if let probe {
      let logits = probe(features.detached())
      Answers(logits, labels: labels).measure("view_probe", &step)
      losses.append(Term("view_probe", softmaxCrossEntropy(logits, labels: labels)))
    }
    step.learn(losses)
  }
}
