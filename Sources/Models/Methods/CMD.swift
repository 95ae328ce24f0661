import Batches
import NN
import TensorCore

/// CMD: an encoder for each stream, which are contrasted each with its own keys and learn from each other's.
///
/// Source: Mao et al., "CMD: Self-supervised 3D action representation learning with cross-modal mutual distillation"
/// (ECCV 2022), and its released code. For streams a and b, each with a queue,
///
///     Σ_a InfoNCE(z_a, k_a) + λ₁ Σ_{b ≠ a} KL(softmax(k_b · queue_b / 0.05) ‖ softmax(z_a · queue_a / 0.1))
///
/// where the divergence is over the half of the queue's keys that k_b is most similar to. The queues are filled together,
/// so that a column is the same sequence in all of them. A stream that is alone learns from its own keys (the released
/// code's intra variant).
public struct CMD: PretrainingMethod {
  /// The two encoders of a stream.
  private struct Branch {
    let stream: SkeletonStream
    let encoder: GRUEncoder
    let projector: Projector
    let keys: KeyBranch
  }

  /// What one batch gives.
  public struct Step: PretrainingStep {
    /// InfoNCE of each stream.
    public internal(set) var contrast: [SkeletonStream: Float] = [:]
    /// What each stream learns from the others, before λ₁.
    public internal(set) var distillation: [SkeletonStream: Float] = [:]
    /// The loss.
    public internal(set) var loss: Float = 0
    /// The embeddings of each stream, (N, D).
    public internal(set) var embeddings: [SkeletonStream: Tensor] = [:]
    /// The keys of each stream, (N, D) each.
    public internal(set) var queued: [Tensor] = []
    /// The gradient of the loss by every trainable parameter.
    public internal(set) var gradients = Gradients()

    /// The terms as `nce_joint`, `kl_joint`, …
    public var terms: [String: Float] {
      var terms: [String: Float] = [:]
      for (stream, term) in contrast { terms["nce_\(stream)"] = term }
      for (stream, term) in distillation { terms["kl_\(stream)"] = term }
      return terms
    }
  }

  /// All parameters: `encoder_q.*`, `encoder_q_motion.*`, `encoder_q_bone.*`, and the same of `encoder_k`.
  public let store: ParameterStore
  private let settings: PCM3PlusPlusSettings
  private let branches: [Branch]

  /// A model with fresh parameters drawn from the seed; the key branches start as copies of the query branches.
  ///
  /// - Parameters:
  ///   - settings: sizes, temperatures, λ₁ and how much of the queue is taught; of their parts none is read.
  ///   - streams: the streams, each once.
  public init(_ settings: PCM3PlusPlusSettings, streams: [SkeletonStream], seed: UInt64) {
    precondition(!streams.isEmpty && Set(streams).count == streams.count, "streams \(streams)")
    self.settings = settings
    let (store, size) = (ParameterStore(seed: seed), settings.encoder)
    branches = streams.map { stream in
      let others = store.parameters.count
      let scope = store.root / "encoder_q\(stream.suffix)"
      let encoder = GRUEncoder(scope, size)
      let projector = Projector(scope, features: size.features, size: settings.projection)
      let keys = KeyBranch(
        store.root / "encoder_k\(stream.suffix)", following: Array(store.parameters.dropFirst(others)), size,
        projection: settings.projection)
      return Branch(stream: stream, encoder: encoder, projector: projector, keys: keys)
    }
    self.store = store
  }

  /// A queue for each stream: `queue`, `queue_motion`, `queue_bone`.
  public var queues: [String] { branches.map { "queue\($0.stream.suffix)" } }

  /// `nce_joint`, `kl_joint`, … of all streams.
  public var terms: [String] { branches.map { "nce_\($0.stream)" } + branches.map { "kl_\($0.stream)" } }

  /// Moves each key branch a little towards its query branch.
  public func updateKeyBranch() {
    for branch in branches { branch.keys.follow(momentum: settings.keyMomentum) }
  }

  /// The losses of a batch and their gradients. The streams are taken one after another, forward and backward, so that
  /// the memory of one is free for the next.
  public func step(
    _ batch: ContrastiveBatch, queues: [FeatureQueue], contrast: Bool, stop: () -> Bool = { false }
  ) -> Step {
    let targets = zip(branches, queues).map { branch, queue in
      ContrastTarget(branch.keys.keys(batch.pair(branch.stream).key), queue, settings)
    }
    var step = Step()
    step.queued = targets.map(\.keys)
    for (index, branch) in branches.enumerated() where !stop() {
      let query = batch.pair(branch.stream).query
      let z = branch.projector(branch.encoder(query, training: true))  // (N, D)
      let similarities = queues[index].similarities(of: z)  // (N, K)
      step.embeddings[branch.stream] = z.detached()
      var terms: [Tensor] = []
      if settings.distillationWeight > 0 {
        let teachers = targets.indices.filter { $0 != index || targets.count == 1 }
        let taught = teachers.map { targets[$0].distillation(similarities) }
        let term = taught.dropFirst().reduce(taught[0], +)
        step.distillation[branch.stream] = term.scalar
        terms.append(term * settings.distillationWeight)
      }
      if contrast {
        let term = targets[index].contrast(z, similarities)
        step.contrast[branch.stream] = term.scalar
        terms.append(term)
      }
      guard let first = terms.first, !stop() else { continue }
      let loss = terms.dropFirst().reduce(first, +)
      step.loss += loss.scalar
      step.gradients.accumulate(gradients(of: loss))
    }
    return step
  }

  /// The features of sequences of the first stream.
  public func features(_ sequences: Tensor) -> Tensor {
    branches[0].encoder(sequences, training: false).detached()
  }
}
