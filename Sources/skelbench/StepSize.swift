import ArgumentParser
import Batches
import Foundation
import Encoders
import Methods
import NN
import Recipes
import Skeleton
import TensorCore
import Training

/// The sizes of a pre-training step that is measured; everything else is as published.
struct StepSize: ParsableArguments {
  @Option(help: "Units of each direction of each of the encoder's layers.")
  var hidden = 1024

  @Option(help: "Sequences in a batch.")
  var batch = 128

  @Option(help: "Frames of a sequence, a multiple of 16.")
  var frames = 64

  @Option(help: "Keys in the queue, a multiple of the batch.")
  var queue = 16384

  @Option(help: "Threads of each program.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard hidden >= 2, batch >= 2, frames >= 16, frames.isMultiple(of: 16), threads >= 1 else {
      throw ValidationError("--hidden and --batch start at 2, --threads at 1, --frames at 16")
    }
    guard queue >= batch, queue.isMultiple(of: batch) else {
      throw ValidationError("--queue is a multiple of --batch")
    }
  }

  /// The same as words of a command line.
  var words: [String] {
    [("hidden", hidden), ("batch", batch), ("frames", frames), ("queue", queue), ("threads", threads)]
      .flatMap { ["--\($0.0)", "\($0.1)"] }
  }

  /// The encoder of this size.
  func encoder(_ mode: GRUMode) -> GRUEncoderSettings {
    var settings = GRUEncoderSettings()
    (settings.hidden, settings.mode) = (hidden, mode)
    return settings
  }

  /// PCM3++ of this size; the decoder has half of the encoder's units, as published.
  var settings: PCM3PlusPlusSettings {
    var settings = PCM3PlusPlusSettings()
    (settings.decoder, settings.queue) = (hidden / 2, queue)
    return settings
  }

  /// PCM3++ of this size with its parameters.
  func model(_ mode: GRUMode) throws -> (method: PCM3PlusPlus, build: MethodBuilder) {
    let build = MethodBuilder(
      MethodSurroundings(batch: batch, frames: frames, stream: .joint, encoder: Variant(encoder(mode))),
      store: ParameterStore(seed: 1))
    return (try PCM3PlusPlus(settings, build), build)
  }

  /// The learning rate of every step.
  static let rate: Float = 0.02

  /// The samples' names, (N).
  var names: [String] { (0..<batch).map { "sample \($0)" } }

  /// Synthetic motion of 40 to 199 frames, N of them.
  var clips: [SkeletonClip] {
    names.enumerated().map { index, name in
      SkeletonClip(values: SyntheticMotion.values(name, frames: 40 + index * 37 % 160))
    }
  }

  /// The samples of the batch of a number.
  func draw(_ index: Int) -> BatchDraw {
    BatchDraw(seed: 1, epoch: 0, index: index, names: names, clips: clips)
  }

  /// Writes model, batch and queue for other programs.
  func write(to folder: URL) throws {
    let (method, build) = try model(.stepwise)
    try Safetensors(build.store.entries, metadata: [:]).write(
      to: folder.appendingPathComponent("model.safetensors"))
    let batch = build.views.batch(of: draw(0))
    let views = method.views
    guard let query = views.query, let key = views.key, let view = views.mixed, let clip = views.clip,
      let source = views.source, let mask = views.mask, let queue = build.store["queue"]
    else { preconditionFailure("PCM3++ without all of its views") }
    let mixed = batch[view]
    let arrays = [
      ("query", batch[query].values), ("key", batch[key].values), ("mixed", mixed.clips.values),
      ("clip", batch[clip].values), ("source", batch[source].values), ("mask", batch[mask]),
      ("queue", queue.value),
    ]
    try Safetensors(
      arrays.map { Safetensors.Entry($0, shape: $1.shape, .float32($1.values)) } + [
        Safetensors.Entry("partner", shape: [mixed.partner.count], .int64(mixed.partner.map(Int64.init))),
        Safetensors.Entry("mix_share", shape: [1], .float32([mixed.share])),
      ], metadata: [:]
    ).write(to: folder.appendingPathComponent("batch.safetensors"))
  }

  /// Floating-point operations of a step's matrix products: those that no implementation of the same method can leave
  /// out, two for each multiplication.
  var operations: Double {
    // Six views go forward and five of them back, which takes two products for each one forward.
    6 * Double(forward) + 5 * 2 * Double(forward) + others
  }

  /// Operations of an encoder's GRU forward; the first step has no recurrent product, its state being zero.
  var forward: Int {
    let inputs = [SkeletonClip.width, 2 * hidden, 2 * hidden].map { frames * $0 }.reduce(0, +)
    return 2 * 2 * batch * 3 * hidden * (inputs + 3 * (frames - 1) * hidden)
  }

  /// Operations of decoder, projector and queue.
  private var others: Double {
    let (decoder, size) = (hidden / 2, PCM3PlusPlusSettings().projection)
    let layers = 2 * 3 * decoder * (frames * decoder + (frames - 1) * decoder)
    let linear = frames * decoder * (2 * hidden + decoder + SkeletonClip.width)
    let decoding = 2 * batch * (layers + linear)
    let projection = 2 * batch * (2 * hidden * 2 * hidden + 2 * hidden * size)
    let similarity = 2 * batch * size * queue
    return Double(2 * 3 * decoding + (6 + 5 * 2) * projection + (2 + 5 * 2) * similarity)
  }
}
