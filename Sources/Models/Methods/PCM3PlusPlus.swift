import Batches
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

  /// What one batch gives; what the settings leave out is not there.
  public struct Step: PretrainingStep {
    /// InfoNCE of each view; empty in distillation.
    public internal(set) var contrast: [View: Float] = [:]
    /// The distillation loss of each view, before λ₁.
    public internal(set) var distillation: [View: Float] = [:]
    /// The error of the prediction, before λ₂.
    public internal(set) var prediction: Float?
    /// The loss: the sum of all terms with their weights.
    public internal(set) var loss: Float = 0
    /// The embedding of each view, (N, D).
    public internal(set) var embeddings: [View: Tensor] = [:]
    /// The keys, (N, D), to be queued after the step; (0, D) where no view is compared.
    public internal(set) var keys: Tensor
    /// The mixed views' targets, (N, D).
    public internal(set) var mixedKeys: Tensor?
    /// The decoder's output, (N, T, 150).
    public internal(set) var reconstruction: Tensor?
    /// The gradient of the loss by every trainable parameter.
    public internal(set) var gradients = Gradients()

    /// The keys, for the one queue.
    public var queued: [Tensor] { [keys] }

    /// The terms as `nce_base`, `kl_base`, …, `mse`.
    public var terms: [String: Float] {
      var terms: [String: Float] = [:]
      for (view, term) in contrast { terms["nce_\(view.rawValue)"] = term }
      for (view, term) in distillation { terms["kl_\(view.rawValue)"] = term }
      terms["mse"] = prediction
      return terms
    }
  }

  /// The settings.
  public let settings: PCM3PlusPlusSettings
  /// All parameters, by their published names.
  public let store: ParameterStore

  private let encoder: GRUEncoder
  private let projector: Projector?
  private let keyBranch: KeyBranch?
  private let decoder: ReconstructionDecoder?
  private let viewPrompts: [View: Parameter]
  private let contrastPrompt: TaskPrompt?
  private let predictionPrompt: TaskPrompt?

  /// A model with fresh parameters drawn from the seed; the key branch starts as a copy of the query branch.
  public init(_ settings: PCM3PlusPlusSettings, seed: UInt64) {
    self.settings = settings
    store = ParameterStore(seed: seed)
    let (root, size) = (store.root, settings.encoder)
    let compares = !settings.positives.isEmpty
    encoder = GRUEncoder(root / "encoder_q", size)
    projector =
      compares ? Projector(root / "encoder_q", features: size.features, size: settings.projection) : nil
    let query = store.parameters
    keyBranch =
      compares
      ? KeyBranch(root / "encoder_k", following: query, size, projection: settings.projection) : nil
    decoder =
      settings.predicts
      ? ReconstructionDecoder(
        root / "decoder", features: size.features, hidden: settings.decoder, output: size.input) : nil
    let prompted = settings.viewPrompts ? settings.encoded : []
    viewPrompts = Dictionary(
      uniqueKeysWithValues: prompted.map { view in
        (view, root.parameter("\(view.rawValue)_prompt", shape: [1, 1, size.input], initialise: xavier))
      })
    let tasks = settings.taskPrompts
    contrastPrompt = tasks && compares ? TaskPrompt(root, "cl_prompt", hidden: size.hidden) : nil
    predictionPrompt = tasks && settings.predicts ? TaskPrompt(root, "mp_prompt", hidden: size.hidden) : nil
  }

  /// One queue, which all views share.
  public var queues: [String] { ["queue"] }

  /// `nce_base`, …, `kl_base`, …, `mse`, whether or not the settings leave them.
  public var terms: [String] {
    View.allCases.map { "nce_\($0.rawValue)" } + View.allCases.map { "kl_\($0.rawValue)" } + ["mse"]
  }

  /// Moves the key branch a little towards the query branch: k ← m · k + (1 − m) · q.
  public func updateKeyBranch() { keyBranch?.follow(momentum: settings.keyMomentum) }

  /// The losses of a batch and their gradients, with the one queue.
  public func step(
    _ batch: ContrastiveBatch, queues: [FeatureQueue], contrast: Bool, stop: () -> Bool
  ) -> Step {
    step(batch, queue: queues[0], contrast: contrast, stop: stop)
  }

  /// What the encoder makes of sequences, without a prompt.
  public func features(_ sequences: Tensor) -> Tensor { encoder(sequences, training: false).detached() }

  /// The losses of a batch and their gradients.
  ///
  /// Views that do not depend on each other are taken one after another, forward and backward, so that the memory of
  /// one is free for the next.
  ///
  /// - Parameters:
  ///   - batch: the views.
  ///   - queue: the negatives.
  ///   - contrast: false in post-distillation, which leaves InfoNCE out (equation 10).
  ///   - stop: asked between views; once it says true the step is left unfinished.
  public func step(
    _ batch: ContrastiveBatch, queue: FeatureQueue, contrast: Bool = true, stop: () -> Bool = { false }
  ) -> Step {
    let places = Places(batch.random, settings)
    let keys = keyBranch?.keys(batch.key, prompt: prompt(.base)) { forContrast($0, at: places.key) }
    var step = Step(keys: keys ?? Tensor([], shape: [0, settings.projection]))
    let target = keys.map { ContrastTarget($0, queue, settings) }

    compare(.base, target) { embedding(batch.query, .base, places) }
    if settings.encoded.contains(.mask), !stop() {
      let masked = batch.source * batch.mask
      let hints = takeMasked(masked)
      compare(.recons, target) {
        // Semantic guidance: contrast reaches the decoder and the second encoding, never the first (section 3.4).
        let guided = settings.guidance ? decoded(hints) : step.reconstruction ?? decoded(hints).detached()
        return embedding(guided.blend(into: masked, mask: batch.mask), .recons, places)
      }
    }
    if let keys, settings.positives.contains(.mix) {
      let mixed = (keys * (1 - batch.mixShare) + keys.rows(batch.partner) * batch.mixShare).normalizedRows()
      step.mixedKeys = mixed
      compare(.mix, ContrastTarget(mixed, queue, settings)) { embedding(batch.mixed, .mix, places) }
    }
    compare(.clip, target) { embedding(batch.clip, .clip, places) }
    return step

    /// Learns from the masked view, and gives the features of its frames that the decoder reads, (N, T, features).
    func takeMasked(_ masked: Tensor) -> Tensor {
      let frames = encoder.frames(masked, prompt: prompt(.mask), training: true)
      let hints = predictionPrompt.map { $0(frames, at: places.prediction) } ?? frames
      var error: Tensor?
      if settings.predictionWeight > 0 {
        let prediction = decoded(hints)
        let term = maskedMSE(prediction, target: batch.source, mask: batch.mask)
        step.prediction = term.scalar
        step.reconstruction = prediction.detached()
        error = term * settings.predictionWeight
      }
      compare(.mask, target, plus: error) { projected(frames.lastStep(), at: places[.mask]) }
      return hints.detached()
    }

    /// Learns from a view, if it is one of the positives, and from another term, if there is one.
    func compare(
      _ view: View, _ target: ContrastTarget?, plus other: Tensor? = nil, _ embedding: () -> Tensor
    ) {
      var terms: [Tensor] = []
      if let target, settings.positives.contains(view), !stop() {
        let z = embedding()  // (N, D)
        let similarities = queue.similarities(of: z)  // (N, K)
        step.embeddings[view] = z.detached()
        if settings.distillationWeight > 0 {
          let term = target.distillation(similarities)
          step.distillation[view] = term.scalar
          terms.append(term * settings.distillationWeight)
        }
        if contrast {
          let term = target.contrast(z, similarities)
          step.contrast[view] = term.scalar
          terms.append(term)
        }
      }
      if let other { terms.append(other) }
      guard let first = terms.first, !stop() else { return }
      let loss = terms.dropFirst().reduce(first, +)
      step.loss += loss.scalar
      step.gradients.accumulate(gradients(of: loss))
    }
  }

  /// Where the prompts of tasks begin in the features of each pass; drawn for all passes, whichever there are.
  private struct Places {
    let key: Int
    let prediction: Int
    private let views: [View: Int]

    init(_ random: KeyedRandom, _ settings: PCM3PlusPlusSettings) {
      var random = random
      func place() -> Int {
        settings.taskPrompts ? TaskPrompt.place(hidden: settings.encoder.hidden, &random) : 0
      }
      key = place()
      prediction = place()
      views = Dictionary(uniqueKeysWithValues: View.allCases.map { ($0, place()) })
    }

    subscript(view: View) -> Int { views[view] ?? 0 }
  }

  private func embedding(_ x: Tensor, _ view: View, _ places: Places) -> Tensor {
    projected(encoder(x, prompt: prompt(view), training: true), at: places[view])
  }

  /// (N, features) to (N, D).
  private func projected(_ features: Tensor, at place: Int) -> Tensor {
    guard let projector else { preconditionFailure("no view is compared") }
    return projector(forContrast(features, at: place))
  }

  /// (N, T, features) to (N, T, 150).
  private func decoded(_ frames: Tensor) -> Tensor {
    guard let decoder else { preconditionFailure("nothing is predicted") }
    return decoder(frames, training: true)
  }

  /// Features with the prompt of contrast, where there is one.
  private func forContrast(_ features: Tensor, at place: Int) -> Tensor {
    contrastPrompt.map { $0(features, at: place) } ?? features
  }

  /// What is added to every frame of a view (equation 9), (1, 1, 150), where there is something.
  private func prompt(_ view: View) -> Tensor? { viewPrompts[view]?.value }
}
