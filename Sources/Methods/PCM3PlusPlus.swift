import Batches
import Encoders
import NN
import Skeleton
import TensorCore

/// PCM3++: contrast of whole sequences, of clips and of masked and predicted skeletons, with masked prediction.
///
/// Source: "Prompted Contrast with Masked Motion Modeling++" (arXiv 2406.02978), equations 5 to 10, and where the
/// paper is silent the released code of PCM3. Every view z has the losses
///
///     InfoNCE(z, k) + λ₁ · KL(softmax(k · queue / 0.05) ‖ softmax(z · queue / 0.1))
///
/// and the decoder adds λ₂ · MSE over hidden coordinates. The views share one key branch and one queue.
///
/// The prompts of views are added where the released code adds them, in front of the input's batch normalization. That
/// takes out whatever is the same in all frames, so in training such a prompt has no influence and no gradient but
/// rounding. They are kept so that weights travel both ways. In the released code they move the running means by
/// themselves, and evaluation, which has no prompts, then sees every coordinate displaced by a mean of prompts: up to
/// fifteen deviations where a body is never there. Here running means are those of frames without prompts.
public struct PCM3PlusPlus: PretrainingMethod {
  /// What the query branch sees; each has a prompt that is added to its frames (equation 9).
  public enum View: String, CaseIterable, Sendable {
    /// The augmented sequence.
    case base
    /// The sequence with body parts hidden.
    case mask
    /// The hidden parts as the decoder predicts them.
    case recons
    /// The sequence mixed with another.
    case mix
    /// A part of the key's sequence.
    case clip
  }

  /// Its settings.
  public typealias Settings = PCM3PlusPlusSettings

  private let settings: Settings
  /// What is made of every batch.
  package let views: PCM3PlusPlusViews
  private let encoder: any FrameEncoder
  private let projector: Projector?
  private let teacher: Teacher<(encoder: any FrameEncoder, projector: Projector)>?
  private let queue: FeatureQueue?
  private let decoder: ReconstructionDecoder?
  private let viewPrompts: [View: Parameter]
  private let contrastPrompt: TaskPrompt?
  private let predictionPrompt: TaskPrompt?

  /// A model with fresh parameters; the key branch starts as a copy of the query branch.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    let (root, width) = (build.root, build.layout.width)
    let compares = !settings.positives.isEmpty
    let encoder = try build.encoder(root / "encoder_q", as: (any FrameEncoder).self)
    let features = encoder.frameFeatureCount
    func projector(_ scope: Scope) -> Projector {
      Projector(scope, features: features, size: settings.projection)
    }
    self.encoder = encoder
    self.projector = compares ? projector(root / "encoder_q") : nil
    teacher =
      compares
      ? try build.teacher("encoder_k", of: "encoder_q") { scope in
        (try build.encoder(scope, as: (any FrameEncoder).self), projector(scope))
      } : nil
    decoder =
      settings.predicts
      ? ReconstructionDecoder(
        root / "decoder", features: features, hidden: settings.decoder, output: width) : nil
    let prompted = settings.viewPrompts ? settings.encoded : []
    viewPrompts = Dictionary(
      uniqueKeysWithValues: prompted.map { view in
        (view, root.parameter("\(view.rawValue)_prompt", shape: [1, 1, width], initialise: xavier))
      })
    let (tasks, half) = (settings.taskPrompts, features / 2)
    contrastPrompt = tasks && compares ? TaskPrompt(root, "cl_prompt", hidden: half) : nil
    predictionPrompt = tasks && settings.predicts ? TaskPrompt(root, "mp_prompt", hidden: half) : nil
    queue = compares ? build.queue("queue", count: settings.queue, size: settings.projection) : nil
    let encoded =
      settings.encoded.filter { $0 != .base } + (settings.positives.contains(.base) ? [.base] : [])
    views = PCM3PlusPlusViews(
      &build.views, settings.views, of: encoded, keys: compares, frames: build.frames)
  }

  /// `nce_base`, …, `kl_base`, …, `mse`, whether or not the settings leave them.
  public var terms: [String] {
    View.allCases.map { "nce_\($0.rawValue)" } + View.allCases.map { "kl_\($0.rawValue)" } + ["mse"]
  }

  /// The losses of a batch. Views that do not depend on each other are taken one after another, forward and backward, so
  /// that the memory of one is free for the next.
  public func step(_ batch: Batch, _ step: inout Step) {
    teacher?.follow(settings.keyMomentum)
    let places = Places(step.random(), settings, half: encoder.frameFeatureCount / 2)
    let keys = keys(batch, places, step)  // (N, D)
    let target = keys.flatMap { keys in queue.map { ContrastTarget(keys, $0, settings.contrast) } }

    if let query = views.query {
      compare(.base, target, &step) { embedding(batch[query], .base, places, $0) }
    }
    if let source = views.source, let mask = views.mask {
      takeMasked(batch[source].values, batch[mask], target, places, &step)
    }
    if let keys, let queue, let view = views.mixed {
      let mixed = batch[view]
      let mixedKeys = (keys * (1 - mixed.share) + keys.rows(mixed.partner) * mixed.share).normalizedRows()
      step.show("mixed keys", mixedKeys)
      compare(.mix, ContrastTarget(mixedKeys, queue, settings.contrast), &step) {
        embedding(mixed.clips, .mix, places, $0)
      }
    }
    if let clip = views.clip {
      compare(.clip, target, &step) { embedding(batch[clip], .clip, places, $0) }
    }
    if let keys, !step.wasStopped {
      step.show("keys", keys)
      queue?.enqueue(keys)
    }
  }

  /// The keys, (N, D), constants.
  private func keys(_ batch: Batch, _ places: Places, _ step: Step) -> Tensor? {
    guard let teacher, let view = views.key else { return nil }
    let frames = teacher.module.encoder.frames(
      batch[view], prompt: prompt(.base)?.detached(), step.pass("key"))
    let features = teacher.module.encoder.pooled(frames)
    return teacher.module.projector(forContrast(features, at: places.key).detached()).detached()
  }

  /// Learns from the masked view and from its prediction, and encodes what was predicted; all (N, T, 150).
  private func takeMasked(
    _ source: Tensor, _ mask: Tensor, _ target: ContrastTarget?, _ places: Places, _ step: inout Step
  ) {
    guard !step.isStopped else { return }
    let masked = source * mask
    let frames = encoder.frames(Clips(masked), prompt: prompt(.mask), step.pass("mask"))
    let hints = predictionPrompt.map { $0(frames, at: places.prediction) } ?? frames  // (N, T, features)
    var error: Term?
    var reconstruction: Tensor?
    if settings.predictionWeight > 0 {
      let prediction = decoded(hints, step.pass("prediction"))
      error = Term(
        "mse", maskedMSE(prediction, target: source, mask: mask), weight: settings.predictionWeight)
      reconstruction = prediction.detached()
      step.show("reconstruction", prediction)
    }
    compare(.mask, target, plus: error, &step) { _ in projected(encoder.pooled(frames), at: places[.mask]) }
    let constants = hints.detached()
    compare(.recons, target, &step) { step in
      // Semantic guidance: contrast reaches the decoder and the second encoding, never the first (section 3.4).
      let guided =
        settings.guidance
        ? decoded(constants, step.pass("recons"))
        : reconstruction ?? decoded(constants, step.pass("recons")).detached()
      return embedding(Clips(guided.blend(into: masked, mask: mask)), .recons, places, step)
    }
  }

  /// Learns from a view, if it is one of the positives, and from another term, if there is one.
  private func compare(
    _ view: View, _ target: ContrastTarget?, plus other: Term? = nil, _ step: inout Step,
    _ embedding: (Step) -> Tensor
  ) {
    guard !step.isStopped else { return }
    var terms: [Term] = []
    if let target, let queue, settings.positives.contains(view) {
      let z = embedding(step)  // (N, D)
      let similarities = queue.similarities(of: z)  // (N, K)
      step.show("embedding \(view.rawValue)", z)
      if settings.distillationWeight > 0 {
        terms.append(
          Term(
            "kl_\(view.rawValue)", target.distillation(similarities), weight: settings.distillationWeight))
      }
      if settings.contrastWeight > 0 {
        terms.append(
          Term("nce_\(view.rawValue)", target.contrast(z, similarities), weight: settings.contrastWeight))
      }
    }
    step.learn(terms + (other.map { [$0] } ?? []))
  }

  /// Where the prompts of tasks begin in the features of each pass; drawn for all passes, whichever there are.
  private struct Places {
    let key: Int
    let prediction: Int
    private let views: [View: Int]

    init(_ random: KeyedRandom, _ settings: Settings, half: Int) {
      var random = random
      func place() -> Int { settings.taskPrompts ? TaskPrompt.place(hidden: half, &random) : 0 }
      key = place()
      prediction = place()
      views = Dictionary(uniqueKeysWithValues: View.allCases.map { ($0, place()) })
    }

    subscript(view: View) -> Int { views[view] ?? 0 }
  }

  private func embedding(_ x: Clips, _ view: View, _ places: Places, _ step: Step) -> Tensor {
    let frames = encoder.frames(x, prompt: prompt(view), step.pass(view.rawValue))
    return projected(encoder.pooled(frames), at: places[view])
  }

  /// (N, features) to (N, D).
  private func projected(_ features: Tensor, at place: Int) -> Tensor {
    guard let projector else { preconditionFailure("no view is compared") }
    return projector(forContrast(features, at: place))
  }

  /// (N, T, features) to (N, T, 150).
  private func decoded(_ frames: Tensor, _ pass: Pass) -> Tensor {
    guard let decoder else { preconditionFailure("nothing is predicted") }
    return decoder(frames, pass)
  }

  /// Features with the prompt of contrast, where there is one.
  private func forContrast(_ features: Tensor, at place: Int) -> Tensor {
    contrastPrompt.map { $0(features, at: place) } ?? features
  }

  /// What is added to every frame of a view (equation 9), (1, 1, 150), where there is something.
  private func prompt(_ view: View) -> Tensor? { viewPrompts[view]?.value }
}
