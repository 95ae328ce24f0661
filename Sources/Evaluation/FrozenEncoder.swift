import Batches
import Crypto
import Foundation
import Encoders
import NN
import Recipes
import Reporting
import Shards
import Skeleton
import TensorCore
import Training

/// A pre-trained encoder that only computes features: in evaluation mode, without prompts and projector.
public struct FrozenEncoder {
  /// Which branch of a checkpoint is evaluated.
  public typealias Branch = EncoderRecord.Branch

  /// Where the parameters come from, as results name it: a file, or `untrained`.
  public let name: String
  /// The SHA-256 of the checkpoint's arrays, or of nothing when untrained.
  public let digest: String
  /// The recipe that the encoder was made with.
  public let recipe: PretrainRecipe
  /// What the encoder is, and what it reads.
  public let record: EncoderRecord
  /// What its checkpoint says of the data that it was trained on; nil if it says nothing, or was not trained.
  public let origin: CheckpointOrigin?
  /// The SHA-256 of the manifest of the data that it was trained on, where its checkpoint says so.
  let trainingData: String?

  /// SHA-256 of the arrays that it was made with, also where nobody trained them; a copy that learns keeps it.
  let start: String

  /// Where features are kept for other tasks; none of a copy, which may change.
  var cache: FeatureCache?
  /// How progress is shown while many samples are encoded.
  public var progress = ProgressMode.none

  private let encoder: any SkeletonEncoder
  private let store: ParameterStore

  /// What the encoder reads.
  public var stream: SkeletonStream { record.stream }
  /// Frames of its clips, T.
  public var frames: Int { record.frames }
  /// Where the encoder's parameters are: `encoder_q`.
  var scope: String { record.scope }

  /// The encoder of a checkpoint.
  ///
  /// - Parameters:
  ///   - url: a run's folder or a `.safetensors` file.
  ///   - branch: which of the two encoders.
  ///   - stream: which stream's, where a method has several; nil for the first.
  ///   - other: what the encoder was made with, for a file that does not say, such as weights from elsewhere.
  /// - Throws: an `InputError` if there is no checkpoint, it is damaged, or it has no encoder of that stream.
  public init(
    checkpoint url: URL, branch: Branch = .query, stream: SkeletonStream? = nil,
    recipe other: PretrainRecipe? = nil
  )
    throws
  {
    let file = try CheckpointFile.url(url) { RunFolder($0).checkpoint }
    guard try Disk.isThere(file) else {
      throw InputError(
        file.path, found: "no such checkpoint", hint: "give a run folder or a .safetensors file",
        kind: .noInput)
    }
    let tensors = try Safetensors(contentsOf: file)
    let recipe: PretrainRecipe
    if let text = tensors.metadata["recipe"], tensors.metadata["recipe_kind"] == PretrainRecipe.kind {
      recipe = try PretrainRecipe(yaml: text, file: file.path)
    } else if let other {
      recipe = other
    } else {
      throw InputError(
        file.path, found: "a file without a pre-training recipe",
        expected: "a checkpoint of `skeltrain pretrain`",
        hint: "give the recipe that the weights are of with --recipe")
    }
    // The arrays decide what memory is taken, not the sizes that a text beside them claims.
    store = ParameterStore(seed: UInt64(recipe.seed)) { name, shape in
      try? tensors.values(name, shape: shape, file: file.path)
    }
    let records =
      try EncoderRecords(of: tensors.metadata, file: file.path)?.records ?? recipe.encoderRecords()
    record = try FrozenEncoder.record(of: stream, branch, among: records, in: file.path)
    encoder = record.encoder.encoder.encoder(store.root / record.scope, record.input)
    if let (name, shape) = store.lacking.first { _ = try tensors.values(name, shape: shape, file: file.path) }
    try store.load(tensors, file: file.path)
    FrozenEncoder.freeze(store)
    name = file.lastPathComponent
    digest = tensors.digest
    start = digest
    self.recipe = recipe
    origin = CheckpointOrigin(tensors.metadata)
    trainingData = tensors.metadata["data"]
  }

  /// The encoder that a recipe starts from, the baseline that every accuracy should be compared with.
  ///
  /// - Throws: an `InputError` if the recipe has no encoder of the stream.
  public init(untrained recipe: PretrainRecipe, stream: SkeletonStream? = nil) throws {
    store = ParameterStore(seed: UInt64(recipe.seed))
    record = try FrozenEncoder.record(of: stream, .query, among: recipe.encoderRecords(), in: "the recipe")
    encoder = record.encoder.encoder.encoder(store.root / record.scope, record.input)
    FrozenEncoder.freeze(store)
    name = "untrained"
    digest = ""
    start = Safetensors(store.entries, metadata: [:]).digest
    self.recipe = recipe
    (origin, trainingData) = (nil, nil)
  }

  /// The same encoder with running statistics of its own, which ``features(of:_:)`` may move.
  private init(copying other: FrozenEncoder) {
    store = ParameterStore(seed: other.store.seed) { name, shape in other.store[name]?.value.values }
    encoder = other.record.encoder.encoder.encoder(store.root / other.scope, other.record.input)
    FrozenEncoder.freeze(store)
    (name, digest, recipe, record) = (other.name, other.digest, other.recipe, other.record)
    (origin, trainingData, start) = (other.origin, other.trainingData, other.start)
    progress = other.progress
  }

  /// The record of what is asked for.
  private static func record(
    of stream: SkeletonStream?, _ branch: Branch, among records: [EncoderRecord], in file: String
  ) throws -> EncoderRecord {
    let own = records.filter { $0.branch == branch }
    guard !own.isEmpty else {
      throw InputError(
        file, at: "branch", found: "no \(branch.rawValue) encoder",
        expected: "one of \(Set(records.map(\.branch.rawValue)).sorted().joined(separator: ", "))")
    }
    guard let record = stream.map({ stream in own.first { $0.stream == stream } }) ?? own.first else {
      throw InputError(
        file, at: "stream", found: "no encoder of \(stream?.rawValue ?? "?")",
        expected: "one of \(own.map(\.stream.rawValue).joined(separator: ", "))")
    }
    return record
  }

  /// Without gradients a pass remembers nothing.
  private static func freeze(_ store: ParameterStore) {
    for parameter in store.parameters { parameter.isTrainable = false }
  }

  /// An encoder that can be changed without this one being so; the parameters are shared until then.
  func copy() -> FrozenEncoder { FrozenEncoder(copying: self) }

  /// The running statistics, by their names within the encoder: `input_norm.running_mean`, …
  var statistics: [Safetensors.Entry] {
    store.buffers.filter(\.isReal).map {
      Safetensors.Entry(
        String($0.name.dropFirst(scope.count + 1)), shape: $0.value.shape, .float32($0.value.values))
    }
  }

  /// All that training changes, by the names within the encoder: parameters and running statistics.
  var arrays: [Safetensors.Entry] {
    store.parameters.map {
      Safetensors.Entry(
        String($0.name.dropFirst(scope.count + 1)), shape: $0.value.shape, .float32($0.value.values))
    } + statistics
  }

  /// The parameters; none is trainable but of a ``learner()``.
  var parameters: [Parameter] { store.parameters }

  /// The rates of its layers, each block at `factor` of the one above; nil for an encoder that is no stack of blocks.
  func layerRates(factor: Float) -> LayerRates? {
    (encoder as? any BlockEncoder).map { stack in
      LayerRates(
        factor: factor, blocks: "\(scope).blocks.", depth: stack.blockCount,
        first: stack.firstNames.map { "\(scope).\($0)" })
    }
  }

  /// A copy that can be trained.
  func learner() -> FrozenEncoder {
    let copy = copy()
    for parameter in copy.parameters { parameter.isTrainable = true }
    return copy
  }

  /// Sets what is among the arrays, of an encoder that nobody else has: a ``copy()``.
  func load(_ arrays: [Safetensors.Entry]) {
    for entry in arrays {
      guard let buffer = store["\(scope).\(entry.name)"], buffer.value.shape == entry.shape,
        case .float32(let values) = entry.values
      else { continue }
      buffer.value = Tensor(values, shape: entry.shape)
    }
  }

  /// The feature of each sequence, (N, T, 150) to (N, features).
  ///
  /// - Parameter pass: whether the inputs are normalized by the batch and the running statistics follow, and whether
  ///   anything is dropped.
  func features(of sequences: Tensor, _ pass: Pass = .evaluation) -> Tensor {
    encoder(Clips(sequences), pass)
  }

  /// Numbers in a feature.
  public var featureCount: Int { encoder.featureCount }

  /// Which frames of a sample are encoded.
  public enum Crop: Sendable {
    /// The middle 0.95.
    case centre
    /// The middle part of a share of the frames.
    case middle(Float)
    /// A random part of a length in the range, drawn for (seed, epoch, sample).
    case random(ClosedRange<Float>, seed: UInt64, epoch: Int)

    /// The share of a sample around its middle; nil for a random part.
    var share: Float? {
      switch self {
      case .centre: 0.95
      case .middle(let share): share
      case .random: nil
      }
    }
  }

  /// The features of all samples of a source, in its order.
  ///
  /// - Parameters:
  ///   - source: the samples.
  ///   - crop: which frames are read.
  ///   - batch: samples that are encoded together; features do not depend on it.
  ///   - changed: what is made of each clip and its sample's name before it is cropped.
  public func features(
    of source: SampleSource, crop: Crop = .centre, batch: Int = 256,
    changed: (@Sendable (SkeletonClip, String) -> SkeletonClip)? = nil
  ) throws -> FeatureSet {
    guard let cache, let share = crop.share, changed == nil else {
      return try computed(of: source, crop: crop, batch: batch, changed: changed)
    }
    return try cache.features(key(on: source), share: share) {
      try computed(of: source, crop: crop, batch: batch, changed: nil)
    }
  }

  private func computed(
    of source: SampleSource, crop: Crop, batch: Int,
    changed: (@Sendable (SkeletonClip, String) -> SkeletonClip)?
  ) throws -> FeatureSet {
    let (frames, stream) = (frames, stream)
    let entries = source.entries
    let inputs = Prefetcher(count: (entries.count + batch - 1) / batch, depth: 2) { index in
      let clips = try entries[(index * batch)..<min((index + 1) * batch, entries.count)].map { entry in
        let stored = try source.clip(entry)
        let clip = changed?(stored, entry.name) ?? stored
        switch crop {
        case .middle(let share): return stream.derived(from: clip.centreCrop(share: share, to: frames))
        case .centre: return stream.derived(from: clip.centreCrop(to: frames))
        case .random(let share, let seed, let epoch):
          var random = KeyedRandom(seed: seed, epoch: epoch, sample: entry.name, view: "evaluation.crop")
          return stream.derived(from: clip.randomCrop(share: share, to: frames, &random))
        }
      }
      return SkeletonClip.stacked(clips)
    }
    defer { inputs.cancel() }
    let line = ProgressLine(
      total: entries.count, unit: "samples", mode: progress, label: "encode", isPassing: true)
    defer { line.finish() }
    var values: [Float] = []  // (N, D)
    values.reserveCapacity(entries.count * featureCount)
    while let input = try inputs.next() {
      values.append(contentsOf: features(of: input).values)
      line.advance(by: input.shape[0])
    }
    return FeatureSet(
      names: entries.map(\.name), labels: entries.map(\.label),
      values: Tensor(values, shape: [entries.count, featureCount]))
  }
}
