import Batches
import Encoders
import NN
import Recipes
import Skeleton
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
  /// The settings of CMD. Defaults are the published ones.
  public struct Settings: MethodSettings {
    /// The streams, each of which has an encoder; the first one's is evaluated.
    public var streams: [SkeletonStream] = [.joint, .motion, .bone]
    /// How the query and the key are augmented.
    public var views = PairSettings()
    /// Numbers in an embedding.
    public var projection = 128
    /// Keys in each queue, a multiple of the batch size.
    public var queue = 16384
    /// How much of the key branches stays in a step.
    public var keyMomentum: Float = 0.999
    /// How embeddings are contrasted and distilled.
    public var contrast = ContrastSettings()
    /// The weight of InfoNCE.
    public var contrastWeight: Float = 1
    /// λ₁, the weight of distillation; there is none at 0.
    public var distillationWeight: Float = 1

    /// The published settings.
    public init() { contrast.nearest = 0.5 }

    /// The method's name.
    public static let kind = "cmd"
    /// What it is.
    public static let summary = "CMD: encoders of several streams that learn from each other's keys."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        .choices("streams", \.streams, "what each encoder reads; a lone one learns from its own keys")
      ] + Setting.group("views", \.views, PairSettings.settings) + [
        .integer("projection", \.projection, 2...4096, "numbers in an embedding"),
        .integer("queue", \.queue, 2...1_048_576, "keys in each queue, a multiple of the batch"),
        .number("key_momentum", \.keyMomentum, 0...1, "how much of the key branches stays in a step"),
      ] + Setting.group("", \.contrast, ContrastSettings.settings) + [
        .number("weight.contrast", \.contrastWeight, 0...1000, "weight of InfoNCE; 0 for none"),
        .number(
          "weight.distillation", \.distillationWeight, 0...1000,
          "weight of what streams learn from each other; 0 for none"),
      ]

    /// Refuses streams that are there twice, and weights that leave nothing.
    public func checkConsistency(in file: String) throws {
      guard !streams.isEmpty, Set(streams).count == streams.count else {
        throw InputError(
          file, at: "method.streams", found: "[\(streams.map(\.rawValue).joined(separator: ", "))]",
          expected: "at least one stream, and each once")
      }
      guard contrastWeight > 0 || distillationWeight > 0 else {
        throw InputError(
          file, at: "method.weight.distillation", found: "0, as method.weight.contrast is",
          expected: "a weight above 0")
      }
    }

    /// Refuses batches that do not fill the queues.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      guard queue.isMultiple(of: around.batch) else {
        throw InputError.queue(queue, batch: around.batch, in: file)
      }
    }
  }

  /// The two encoders of a stream, and what they see.
  private struct Pair {
    let stream: SkeletonStream
    let student: Branch
    let teacher: Teacher<Branch>
    let queue: FeatureQueue
    let (query, key): (View<Clips>, View<Clips>)
  }

  private let settings: Settings
  private let pairs: [Pair]

  /// A model with fresh parameters, `encoder_q.*`, `encoder_q_motion.*`, `encoder_q_bone.*`, and the same of `encoder_k`;
  /// the key branches start as copies of the query branches.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    let steps = settings.views.steps(build.frames)
    let (queries, keys) = (build.views.samples("query", steps), build.views.samples("key", steps))
    pairs = settings.streams.map { stream in
      func branch(_ scope: Scope) -> Branch {
        Branch(scope, build.encoder(scope, stream: stream), size: settings.projection)
      }
      func clips(_ samples: View<[SkeletonClip]>) -> View<Clips> {
        build.views.clips(build.views.samples(samples, in: stream))
      }
      let (query, key) = ("encoder_q\(stream.suffix)", "encoder_k\(stream.suffix)")
      return Pair(
        stream: stream, student: branch(build.root / query),
        teacher: build.teacher(key, of: query, branch),
        queue: build.queue("queue\(stream.suffix)", count: settings.queue, size: settings.projection),
        query: clips(queries), key: clips(keys))
    }
  }

  /// `nce_joint`, `kl_joint`, … of all streams.
  public var terms: [String] { pairs.map { "nce_\($0.stream)" } + pairs.map { "kl_\($0.stream)" } }

  /// The losses of a batch. The streams are taken one after another, forward and backward, so that the memory of one is
  /// free for the next.
  public func step(_ batch: Batch, _ step: inout Step) {
    let targets = pairs.map { pair in
      pair.teacher.follow(settings.keyMomentum)
      let keys = pair.teacher.module(batch[pair.key], step.pass("key \(pair.stream)")).detached()
      return ContrastTarget(keys, pair.queue, settings.contrast)
    }
    for (index, pair) in pairs.enumerated() where !step.isStopped {
      let z = pair.student(batch[pair.query], step.pass("query \(pair.stream)"))  // (N, D)
      let similarities = pair.queue.similarities(of: z)  // (N, K)
      step.show("embedding \(pair.stream)", z)
      var terms: [Term] = []
      if settings.distillationWeight > 0 {
        let teachers = targets.indices.filter { $0 != index || targets.count == 1 }
        let taught = teachers.map { targets[$0].distillation(similarities) }
        terms.append(
          Term(
            "kl_\(pair.stream)", taught.dropFirst().reduce(taught[0], +), weight: settings.distillationWeight)
        )
      }
      if settings.contrastWeight > 0 {
        terms.append(
          Term(
            "nce_\(pair.stream)", targets[index].contrast(z, similarities), weight: settings.contrastWeight))
      }
      step.learn(terms)
    }
    guard !step.wasStopped else { return }
    for (pair, target) in zip(pairs, targets) {
      step.show("keys \(pair.stream)", target.keys)
      pair.queue.enqueue(target.keys)
    }
  }
}
