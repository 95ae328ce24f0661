import Batches
import NN
import Skeleton
import TensorCore

/// The sizes and weights of PCM3++. Defaults are the published ones.
public struct PCM3PlusPlusSettings: Sendable, Equatable {
  /// The encoder, of which the key branch has a copy.
  public var encoder = GRUEncoderSettings()
  /// Numbers in an embedding.
  public var projection = 128
  /// Units of the decoder.
  public var decoder = 512
  /// Keys in the queue, a multiple of the batch size.
  public var queue = 16384
  /// Temperature of InfoNCE.
  public var contrastTemperature: Float = 0.07
  /// Temperature of the query's similarities in distillation.
  public var studentTemperature: Float = 0.1
  /// Temperature of the key's similarities in distillation.
  public var teacherTemperature: Float = 0.05
  /// λ₁, the weight of distillation; PCM3's code has 1.
  public var distillationWeight: Float = 1
  /// λ₂, the weight of masked prediction; PCM3's code has 40.
  public var predictionWeight: Float = 40
  /// How much of the key branch stays in a step.
  public var keyMomentum: Float = 0.999

  /// The published settings.
  public init() {}
}

/// PCM3++: contrast of whole sequences, of clips and of masked and predicted skeletons, with masked prediction.
///
/// Source: "Prompted Contrast with Masked Motion Modeling++" (arXiv 2406.02978), equations 5 to 10, and where the
/// paper is silent the released code of PCM3. Every view z has the losses
///
///     InfoNCE(z, k) + λ₁ · KL(softmax(k · queue / 0.05) ‖ softmax(z · queue / 0.1))
///
/// and the decoder adds λ₂ · MSE over hidden coordinates. The views share one key branch and one queue.
///
/// The prompts are added where the released code adds them, in front of the input's batch normalization. That takes
/// out whatever is the same in all frames, so in training a prompt has no influence and no gradient but rounding; it
/// moves the running means, and evaluation uses no prompts. They are kept so that weights travel both ways.
public struct PCM3PlusPlus {
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

  /// What one batch gives.
  public struct Step: Sendable {
    /// InfoNCE of each view; empty in distillation.
    public internal(set) var contrast: [View: Float] = [:]
    /// The distillation loss of each view, before λ₁.
    public internal(set) var distillation: [View: Float] = [:]
    /// The error of the prediction, before λ₂.
    public internal(set) var prediction: Float = 0
    /// The loss: the sum of all terms with their weights.
    public internal(set) var loss: Float = 0
    /// The embedding of each view, (N, D).
    public internal(set) var embeddings: [View: Tensor] = [:]
    /// The keys, (N, D), to be queued after the step.
    public internal(set) var keys: Tensor
    /// The mixed views' targets, (N, D).
    public internal(set) var mixedKeys: Tensor
    /// The decoder's output, (N, T, 150).
    public internal(set) var reconstruction: Tensor
    /// The gradient of the loss by every trainable parameter.
    public internal(set) var gradients = Gradients()
  }

  /// The settings.
  public let settings: PCM3PlusPlusSettings
  /// All parameters, by their published names.
  public let store: ParameterStore

  private let encoder: GRUEncoder
  private let projector: Projector
  private let keyEncoder: GRUEncoder
  private let keyProjector: Projector
  private let decoder: ReconstructionDecoder
  private let prompts: [View: Parameter]
  /// The parameters of the query branch with their twins in the key branch.
  private let twins: [(query: Parameter, key: Parameter)]

  /// A model with fresh parameters drawn from the seed; the key branch starts as a copy of the query branch.
  public init(_ settings: PCM3PlusPlusSettings, seed: UInt64) {
    self.settings = settings
    let store = ParameterStore(seed: seed)
    let root = store.root
    let features = settings.encoder.features
    encoder = GRUEncoder(root / "encoder_q", settings.encoder)
    projector = Projector(root / "encoder_q", features: features, size: settings.projection)
    let queryNames = store.parameters.map(\.name)
    decoder = ReconstructionDecoder(
      root / "decoder", features: features, hidden: settings.decoder, output: settings.encoder.input)
    prompts = Dictionary(
      uniqueKeysWithValues: View.allCases.map { view in
        (
          view,
          root.parameter(
            "\(view.rawValue)_prompt", shape: [1, 1, settings.encoder.input], initialise: xavier)
        )
      })
    keyEncoder = GRUEncoder(root / "encoder_k", settings.encoder)
    keyProjector = Projector(root / "encoder_k", features: features, size: settings.projection)
    twins = queryNames.compactMap { name in
      let keyName = "encoder_k" + name.dropFirst("encoder_q".count)
      guard let query = store[name], let key = store[keyName] else { return nil }
      return (query, key)
    }
    for twin in twins {
      twin.key.isTrainable = false
      twin.key.value = twin.query.value.detached()
    }
    self.store = store
  }

  /// Moves the key branch a little towards the query branch: k ← m · k + (1 − m) · q.
  public func updateKeyBranch() {
    for twin in twins {
      exponentialMovingAverage(of: twin.query, into: twin.key, momentum: settings.keyMomentum)
    }
  }

  /// The losses of a batch and their gradients.
  ///
  /// Views that do not depend on each other are taken one after another, forward and backward, so that the memory of
  /// one is free for the next.
  ///
  /// - Parameters:
  ///   - batch: the views.
  ///   - queue: the negatives.
  ///   - contrast: false in post-distillation, which leaves InfoNCE out (equation 10).
  public func step(_ batch: ContrastiveBatch, queue: FeatureQueue, contrast: Bool = true) -> Step {
    let keys = keyProjector(keyEncoder(prompted(batch.key, .base).detached(), training: true)).detached()
    let mixedKeys = (keys * (1 - batch.mixShare) + keys.rows(batch.partner) * batch.mixShare).normalizedRows()
    let target = Target(keys, queue)
    let mixedTarget = Target(mixedKeys, queue)
    var step = Step(keys: keys, mixedKeys: mixedKeys, reconstruction: keys)

    take(embedding(batch.query, .base), .base, target)
    let masked = batch.source * batch.mask
    let frames = encoder.frames(prompted(masked, .mask), training: true)  // (N, T, features)
    let reconstruction = decoder(frames, training: true)  // (N, T, 150)
    let prediction = maskedMSE(reconstruction, target: batch.source, mask: batch.mask)
    step.prediction = prediction.scalar
    step.reconstruction = reconstruction.detached()
    take(projector(frames.lastStep()), .mask, target, plus: prediction * settings.predictionWeight)
    // Semantic guidance: contrast reaches the decoder and the second encoding, never the first (section 3.4).
    let predicted = decoder(frames.detached(), training: true).blend(into: masked, mask: batch.mask)
    take(embedding(predicted, .recons), .recons, target)
    take(embedding(batch.mixed, .mix), .mix, mixedTarget)
    take(embedding(batch.clip, .clip), .clip, target)
    return step

    func take(_ embedding: Tensor, _ view: View, _ target: Target, plus other: Tensor? = nil) {
      let similarities = queue.similarities(of: embedding)  // (N, K)
      let distillation = similarityKL(
        teacher: target.similarities, student: similarities, teacherTemperature: settings.teacherTemperature,
        studentTemperature: settings.studentTemperature)
      var loss = distillation * settings.distillationWeight
      step.distillation[view] = distillation.scalar
      if contrast {
        let term = infoNCE(
          positive: embedding.rowDot(target.keys), negatives: similarities,
          temperature: settings.contrastTemperature)
        step.contrast[view] = term.scalar
        loss = loss + term
      }
      if let other { loss = loss + other }
      step.loss += loss.scalar
      step.embeddings[view] = embedding.detached()
      step.gradients.accumulate(gradients(of: loss))
    }
  }

  /// What a view is compared with: its keys, (N, D), and their similarities to the queue, (N, K).
  private struct Target {
    let keys: Tensor
    let similarities: Tensor

    init(_ keys: Tensor, _ queue: FeatureQueue) {
      self.keys = keys
      similarities = queue.similarities(of: keys)
    }
  }

  private func embedding(_ x: Tensor, _ view: View) -> Tensor {
    projector(encoder(prompted(x, view), training: true))
  }

  /// s̃ = s + prompt of the view (equation 9).
  private func prompted(_ x: Tensor, _ view: View) -> Tensor {
    guard let prompt = prompts[view] else { preconditionFailure("no prompt for \(view)") }
    return x + prompt.value
  }
}
