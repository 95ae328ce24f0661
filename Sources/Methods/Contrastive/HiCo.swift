import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// HiCo: contrast of what an encoder makes of all frames and all joints with that of ever fewer of them, of frames with
/// joints, and of the whole.
///
///     L = MP(q_clip; k_clip, 1…G; Q_clip) + MP(q_part; k_part, 1…G; Q_part)
///       + NCE(q_time, k_space; Q_space) + NCE(q_space, k_time; Q_time) + NCE(q_whole, k_whole; Q_whole)
///
/// where in MP, -log of a softmax's share of all positives together, the query is that of all tokens.
///
/// Source: Dong et al., "Hierarchical contrast for unsupervised skeleton-based action representation learning" (AAAI 2023),
/// and its released code, three quarters of whose queues of clips and parts stay random, since the
/// pointer turns too early; here every key is renewed.
public struct HiCo: PretrainingMethod {
  /// The settings of HiCo. Defaults are the published ones.
  public struct Settings: MethodSettings {
    /// How the query and the key are augmented.
    public var views = PairSettings()
    /// How they are contrasted; the queues of clips and of parts have a key for each granularity.
    public var contrast = MomentumContrastSettings()

    /// The published settings.
    public init() { (contrast.queue, contrast.temperature) = (2048, 0.2) }

    /// The method's name.
    public static let kind = "hico"
    /// What it is.
    public static let summary = "HiCo: contrast of clips and parts at several granularities."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, PairSettings.settings)
      + Setting.group("", \.contrast, MomentumContrastSettings.settings)

    /// Refuses batches that do not fill the queues.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try contrast.check(around, in: file)
    }
  }

  /// What is compared.
  private enum Level: String, CaseIterable { case clip, part, time, space, whole }

  /// An encoder and a projector for each level.
  private struct Projecting {
    let encoder: any GranularityEncoder
    let heads: [Level: Projector]

    init(_ scope: Scope, _ encoder: any GranularityEncoder, size: Int) {
      self.encoder = encoder
      let (width, count) = (encoder.granularityWidth, encoder.granularities)
      var heads: [Level: Projector] = [:]
      for level in Level.allCases {
        let features =
          level == .whole ? 2 * count * width : [.clip, .part].contains(level) ? width : count * width
        heads[level] = Projector(scope / level.rawValue, features: features, size: size, start: .pytorch)
      }
      self.heads = heads
    }

    /// The embeddings of clips, (N, D), and those of clip and part of the first `granularities`, (N · `granularities`, D).
    func callAsFunction(_ x: Clips, granularities: Int, _ pass: Pass) -> [Level: Tensor] {
      let (clips, parts) = encoder.vectors(x, pass)  // (N, G, width)
      let (n, all, width) = (clips.shape[0], clips.shape[1] * clips.shape[2], clips.shape[2])
      func first(_ vectors: Tensor) -> Tensor {
        vectors.sliced(axis: 1, 0..<granularities).reshaped([n * granularities, width])
      }
      let features: [Level: Tensor] = [
        .clip: first(clips), .part: first(parts), .time: clips.reshaped([n, all]),
        .space: parts.reshaped([n, all]),
        .whole: Tensor.concatenated([clips, parts], axis: 1).reshaped([n, 2 * all]),
      ]
      return features.reduce(into: [:]) { $0[$1.key] = heads[$1.key]?($1.value) }
    }
  }

  /// `nce_clip`, `nce_part`, `nce_time`, `nce_space`, `nce_whole`.
  public var terms: [String] { Level.allCases.map { "nce_\($0)" } }
  private let settings: Settings
  private let student: Projecting
  private let teacher: Teacher<Projecting>
  private let queues: [Level: FeatureQueue]
  private let (query, key): (View<Clips>, View<Clips>)

  /// A model with fresh parameters `encoder_q.*`, and the same of `encoder_k`.
  ///
  /// - Throws: an `InputError` if the encoder has no granularities.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    let (size, count) = (settings.contrast.projection, settings.contrast.queue)
    func projecting(_ scope: Scope) throws -> Projecting {
      Projecting(scope, try build.encoder(scope, as: (any GranularityEncoder).self), size: size)
    }
    student = try projecting(build.root / "encoder_q")
    teacher = try build.teacher("encoder_k", of: "encoder_q", projecting)
    var queues: [Level: FeatureQueue] = [:]
    for level in Level.allCases {
      let keys = [.clip, .part].contains(level) ? student.encoder.granularities : 1
      queues[level] = build.queue("queue_\(level)", count: keys * count, size: size)
    }
    self.queues = queues
    let steps = settings.views.steps(build.frames)
    (query, key) = (build.views.clips("query", steps), build.views.clips("key", steps))
  }

  /// The losses of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    teacher.follow(settings.contrast.keyMomentum)
    let count = student.encoder.granularities
    let keys = teacher.module(batch[key], granularities: count, step.pass("key")).mapValues { $0.detached() }
    let z = student(batch[query], granularities: 1, step.pass("query"))
    let temperature = settings.contrast.temperature
    step.learn(
      Level.allCases.compactMap { level in
        // Frames are compared with joints.
        let other: Level = level == .time ? .space : level == .space ? .time : level
        guard let own = z[level], let keys = keys[other], let queue = queues[other] else { return nil }
        step.show("embedding \(level)", own)
        step.show("keys \(other)", keys)
        let similar = queue.similarities(of: own)
        guard [.clip, .part].contains(level) else {
          return Term(
            "nce_\(level)",
            infoNCE(positive: own.rowDot(keys), negatives: similar, temperature: temperature))
        }
        let positives = own.rows((0..<keys.shape[0]).map { $0 / count }).rowDot(keys)
        return Term(
          "nce_\(level)",
          multiPositiveInfoNCE(
            positives: positives.reshaped([own.shape[0], count]), negatives: similar,
            temperature: temperature))
      })
    guard !step.wasStopped else { return }
    for (level, keys) in keys { queues[level]?.enqueue(keys) }
  }
}
