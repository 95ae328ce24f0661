import Batches
import Crypto
import Foundation
import Models
import NN
import Recipes
import Shards
import Skeleton
import TensorCore
import Training

/// A pre-trained encoder that only computes features: batch normalization in evaluation mode, no prompts, no
/// projector.
public struct FrozenEncoder {
  /// Which branch of a checkpoint is evaluated.
  public enum Branch: String, CaseIterable, Sendable {
    /// The branch that was trained.
    case query
    /// Its moving average.
    case key
  }

  /// Where the parameters come from, as results name it: a file, or `untrained`.
  public let name: String
  /// The SHA-256 of the checkpoint's arrays, or of nothing when untrained.
  public let digest: String
  /// The recipe that the encoder was made with.
  public let recipe: PretrainRecipe
  /// What the encoder reads.
  public let stream: SkeletonStream
  /// What its checkpoint says of the data that it was trained on; nil if it says nothing, or was not trained.
  public let origin: CheckpointOrigin?
  /// The SHA-256 of the manifest of the data that it was trained on, where its checkpoint says so.
  let trainingData: String?

  /// SHA-256 of the arrays that it was made with, also where nobody trained them; a copy that learns keeps it.
  let start: String

  private let encoder: GRUEncoder
  private let store: ParameterStore
  /// Where the encoder's parameters are: `encoder_q`.
  let scope: String

  /// The encoder of a checkpoint.
  ///
  /// - Parameters:
  ///   - checkpoint: a run's folder or a `.safetensors` file.
  ///   - branch: which of the two encoders.
  ///   - stream: which stream's, where a method has several; nil for the first.
  ///   - recipe: what the encoder was made with, for a file that does not say, such as weights from elsewhere.
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
        file.path, found: "no such checkpoint", hint: "give a run folder or a .safetensors file")
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
    (self.stream, scope) = try FrozenEncoder.place(of: stream, branch, recipe, in: file.path)
    encoder = GRUEncoder(store.root / scope, recipe.model.encoder)
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
    (self.stream, scope) = try FrozenEncoder.place(of: stream, .query, recipe, in: "the recipe")
    encoder = GRUEncoder(store.root / scope, recipe.model.encoder)
    FrozenEncoder.freeze(store)
    name = "untrained"
    digest = ""
    start = Safetensors(store.entries, metadata: [:]).digest
    self.recipe = recipe
    (origin, trainingData) = (nil, nil)
  }

  /// The same encoder with running statistics of its own, which ``features(of:adapting:)`` may move.
  private init(copying other: FrozenEncoder) {
    store = ParameterStore(seed: other.store.seed)
    encoder = GRUEncoder(store.root / other.scope, other.recipe.model.encoder)
    for parameter in store.all {
      if let value = other.store[parameter.name]?.value { parameter.value = value }
    }
    FrozenEncoder.freeze(store)
    (name, digest, recipe, scope) = (other.name, other.digest, other.recipe, other.scope)
    (stream, origin, trainingData, start) = (other.stream, other.origin, other.trainingData, other.start)
  }

  /// What is read, and where the parameters are that read it: `bone` and `encoder_q_bone`.
  private static func place(
    of stream: SkeletonStream?, _ branch: Branch, _ recipe: PretrainRecipe, in file: String
  ) throws -> (SkeletonStream, String) {
    let streams = recipe.encoderStreams
    let chosen = stream ?? streams[0]
    guard streams.contains(chosen) else {
      throw InputError(
        file, at: "stream", found: "no encoder of \(chosen.rawValue)",
        expected: "one of \(streams.map(\.rawValue).joined(separator: ", "))")
    }
    let name = branch == .query ? "encoder_q" : "encoder_k"
    return (chosen, recipe.method == .cmd ? name + chosen.suffix : name)
  }

  /// Without gradients a pass remembers nothing.
  private static func freeze(_ store: ParameterStore) {
    for parameter in store.parameters { parameter.isTrainable = false }
  }

  /// An encoder that can be changed without this one being so; the parameters are shared until then.
  func copy() -> FrozenEncoder { FrozenEncoder(copying: self) }

  /// The running statistics, by their names within the encoder: `input_norm.running_mean`, …
  var statistics: [Safetensors.Entry] {
    store.buffers.filter { !$0.name.hasSuffix("num_batches_tracked") }.map {
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
  /// - Parameter adapting: whether the inputs are normalized by the batch, and the running statistics follow.
  func features(of sequences: Tensor, adapting: Bool) -> Tensor { encoder(sequences, training: adapting) }

  /// Numbers in a feature.
  public var featureCount: Int { recipe.model.encoder.features }

  /// Which frames of a sample are encoded.
  public enum Crop: Sendable {
    /// The middle 0.95.
    case centre
    /// The middle part of a share of the frames.
    case middle(Float)
    /// A random part of a length in the range, drawn for (seed, epoch, sample).
    case random(ClosedRange<Float>, seed: UInt64, epoch: Int)
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
    let (frames, stream) = (recipe.views.frameCount, stream)
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
    var values: [Float] = []  // (N, D)
    values.reserveCapacity(entries.count * featureCount)
    while let input = try inputs.next() {
      values.append(contentsOf: encoder(input, training: false).values)
    }
    return FeatureSet(
      names: entries.map(\.name), labels: entries.map(\.label),
      values: Tensor(values, shape: [entries.count, featureCount]))
  }
}
