import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// CrosSCLR: SkeletonCLR for each of several streams, which name positives to each other.
///
/// At first each stream a learns from InfoNCE(z_a, k_a) alone. In the second stage, with n_a = z_a · queue_a, for each
/// other stream b
///
///     L_ab = -Σ mask log softmax([z_a·k_a, n_a, n_a ∘ n_b] / τ) / Σ mask,  L = Σ_a ½ Σ_{b ≠ a} L_ab
///
/// where the mask has the key, the key of the queue that is nearest to z_b, and its product. The queues are filled
/// together, so that a column is the same sequence in all of them.
///
/// Source: Li et al., "3D human action representation learning via cross-view consistency pursuit" (CVPR 2021), equations 6
/// to 9, and its released code. There the heads of motion and bones are a layer in front of the joints' whole head, and
/// in the second stage only one key branch follows; here each stream has a head of its own, and all follow.
public struct CrosSCLR: PretrainingMethod {
  /// The settings of CrosSCLR. Defaults are those of the first published stage.
  public struct Settings: MethodSettings {
    /// The streams, each of which has an encoder; the first one's is evaluated.
    public var streams: [SkeletonStream] = [.joint, .motion, .bone]
    /// How the query and the key are augmented.
    public var views = CropShearSettings()
    /// How each stream is contrasted.
    public var contrast = MomentumContrastSettings()
    /// Keys of the queue that each stream names to the others as positives.
    public var mined = 0

    /// The published settings.
    public init() {}

    /// The method's name.
    public static let kind = "crosclr"
    /// What it is.
    public static let summary = "CrosSCLR: contrast of several streams that name positives to each other."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [.choices("streams", \.streams, "what each encoder reads")]
      + Setting.group("views", \.views, CropShearSettings.settings)
      + Setting.group("", \.contrast, MomentumContrastSettings.settings) + [
        .integer(
          "mined", \.mined, 0...1024,
          "keys of the queue that each stream names to the others as positives; 1 in the second stage")
      ]

    /// Refuses streams that are there twice, or alone.
    public func checkConsistency(in file: String) throws {
      guard streams.count > 1, Set(streams).count == streams.count else {
        throw InputError(
          file, at: "method.streams", found: "[\(streams.map(\.rawValue).joined(separator: ", "))]",
          expected: "at least two streams, and each once")
      }
    }

    /// Refuses batches that do not fill the queues, and queues that have fewer keys than are mined.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try contrast.check(around, in: file)
      try InputError.check(mined: mined, of: contrast.queue, in: file)
    }
  }

  /// A stream's encoders, and what they see.
  private struct Pair {
    let stream: SkeletonStream
    let contrast: MomentumContrast<Branch>
    let (query, key): (View<Clips>, View<Clips>)
  }

  private let settings: Settings
  private let pairs: [Pair]

  /// A model with fresh parameters, `encoder_q.*`, `encoder_q_motion.*`, `encoder_q_bone.*`, and the same of `encoder_k`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    let steps = settings.views.weak(build.frames)
    let (queries, keys) = (build.views.samples("query", steps), build.views.samples("key", steps))
    pairs = settings.streams.map { stream in
      func clips(_ samples: View<[SkeletonClip]>) -> View<Clips> {
        build.views.clips(build.views.samples(samples, in: stream))
      }
      let contrast = MomentumContrast(settings.contrast, build, suffix: stream.suffix) { scope in
        Branch(
          scope, build.encoder(scope, stream: stream), size: settings.contrast.projection, start: .smallNormal
        )
      }
      return Pair(stream: stream, contrast: contrast, query: clips(queries), key: clips(keys))
    }
  }

  /// `nce_joint` and so on.
  public var terms: [String] { pairs.map { "nce_\($0.stream)" } }

  /// The losses of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let keys = pairs.map { pair in
      pair.contrast.keys { $0(batch[pair.key], step.pass("key \(pair.stream)")) }  // (N, D)
    }
    let embeddings = pairs.map { $0.contrast.student(batch[$0.query], step.pass("query \($0.stream)")) }
    for (index, pair) in pairs.enumerated() {
      step.show("embedding \(pair.stream)", embeddings[index])
      step.show("keys \(pair.stream)", keys[index])
    }
    let logits = pairs.indices.map { pairs[$0].contrast.logits(embeddings[$0], keys[$0]) }  // (N, 1 + K)
    if settings.mined == 0 {
      step.learn(
        pairs.indices.map {
          Term("nce_\(pairs[$0].stream)", pairs[$0].contrast.nce(embeddings[$0], keys[$0]))
        })
    } else {
      var all: [Term] = []
      for (a, pair) in pairs.enumerated() {
        for b in pairs.indices where b != a {
          all.append(Term("nce_\(pair.stream)", crossed(logits[a], logits[b]), weight: 0.5))
        }
      }
      step.learn(all)
    }
    guard !step.wasStopped else { return }
    for (pair, keys) in zip(pairs, keys) { pair.contrast.queue.enqueue(keys) }
  }

  /// L_ab of a stream's cosines and another's, (N, 1 + K) both.
  private func crossed(_ own: Tensor, _ other: Tensor) -> Tensor {
    let width = own.shape[1]
    let mask = minedPositives([other], count: settings.mined)
    let products =
      own.sliced(axis: 1, 1..<width) * other.sliced(axis: 1, 1..<width)  // (N, K)
    return minedInfoNCE(
      .concatenated([own, products], axis: 1),
      positives: .concatenated([mask, mask.sliced(axis: 1, 1..<width)], axis: 1),
      temperature: settings.contrast.temperature)
  }
}
