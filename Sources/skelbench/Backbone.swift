import ArgumentParser
import Batches
import Encoders
import Foundation
import Kernels
import NN
import Skeleton
import TensorCore
import Training

/// A backbone at its published size, with a batch of motion that nobody made.
enum Backbone: String, CaseIterable, ExpressibleByArgument {
  /// ST-GCN of the contrastive methods: 16 to 256 channels.
  case stgcn
  /// CTR-GCN.
  case ctrgcn
  /// MAMP's transformer, which sees all tokens.
  case vit

  /// Classes of the linear layer behind it.
  static let classes = 60
  /// The learning rate of every step.
  static let rate: Float = 0.02

  /// Frames of a clip, T.
  var frames: Int {
    switch self {
    case .stgcn: 50
    case .ctrgcn: 64
    case .vit: 120
    }
  }

  /// Sequences of a batch, as published but where memory says otherwise.
  var batch: Int { self == .stgcn ? 128 : 16 }

  /// Its settings; nothing is dropped, so that losses can be compared.
  private var settings: any EncoderSettings {
    switch self {
    case .stgcn:
      var settings = STGCNSettings()
      settings.dropout = 0
      return settings
    case .ctrgcn: return CTRGCNSettings()
    case .vit: return VisionTransformerSettings()
    }
  }

  /// The graphs that it follows, (K, V, V).
  private var graph: Tensor? {
    let layout = SkeletonLayout.kinect25
    switch self {
    case .stgcn: return SkeletonGraph.spatial(parents: layout.parents, centre: layout.centre).matrices
    case .ctrgcn: return SkeletonGraph.directed(parents: layout.parents).matrices
    case .vit: return nil
    }
  }

  /// A model with fresh parameters and its batch.
  func model() -> Model {
    let store = ParameterStore(seed: 1)
    let encoder = settings.encoder(store.root, EncoderInput(layout: .kinect25, frames: frames))
    let head = Linear(store.root / "head", from: encoder.featureCount, to: Self.classes)
    let clips = (0..<batch).map { index in
      SkeletonClip(values: SyntheticMotion.values("sample \(index)", frames: frames))
    }
    return Model(
      store: store, encoder: encoder, head: head, clips: Clips(SkeletonClip.stacked(clips)),
      labels: (0..<batch).map { $0 * 7 % Self.classes })
  }

  /// Multiplications of one sample's way through it.
  var multiplyAdds: Int {
    let model = model()
    return MultiplyAdds.counted { model.encoder(model.clips, .evaluation) }.count / batch
  }

  /// Writes model and batch for other programs.
  func write(to folder: URL) throws {
    let model = model()
    try Safetensors(model.store.entries, metadata: [:]).write(
      to: folder.appendingPathComponent("model.safetensors"))
    let layout = SkeletonLayout.kinect25
    let bodies = BodyMap.bodies(
      model.clips.values, joints: layout.jointCount, coordinates: layout.coordinates)  // (N, M, T, V, C)
    var entries = [
      Safetensors.Entry("clips", shape: bodies.shape, .float32(bodies.values)),
      Safetensors.Entry("labels", shape: [batch], .int64(model.labels.map(Int64.init))),
    ]
    if let graph { entries.append(Safetensors.Entry("graph", shape: graph.shape, .float32(graph.values))) }
    try Safetensors(entries, metadata: [:]).write(to: folder.appendingPathComponent("batch.safetensors"))
  }

  /// A backbone, a linear layer, and a batch.
  struct Model {
    let store: ParameterStore
    let encoder: any SkeletonEncoder
    let head: Linear
    let clips: Clips
    let labels: [Int]

    /// The loss before a step, and how long the step took: forward, backward, optimizer.
    func step(_ optimizer: inout SGD) -> Float {
      let pass = Pass(seed: 1, epoch: 0, batch: 0, view: "benchmark")
      let loss = softmaxCrossEntropy(head(encoder(clips, pass)), labels: labels)
      optimizer.step(
        parameters: store.parameters, gradients: gradients(of: loss), rate: Backbone.rate, scale: 1)
      return loss.scalar
    }
  }
}

/// This package's side of `skelbench backbones`: a program of its own, so that its memory can be compared with another's.
struct BackboneWorker: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backbone-worker", abstract: "Make a training step for every line of standard input.",
    shouldDisplay: false)

  @Argument var backbone: Backbone
  @Option var threads: Int

  func run() throws {
    _ = try OpenBLAS.start()
    Kernels.setThreadCount(threads)
    let model = backbone.model()
    var optimizer = SGD(learningRate: Backbone.rate)
    try say(["threads": threads])
    while readLine() != nil {
      let allocated = Kernels.allocatedBytes
      var watch = Stopwatch()
      let loss = model.step(&optimizer)
      try say(
        StepReport(
          seconds: watch.lap(), processor: watch.processor, loss: loss, terms: [:],
          allocated: Kernels.allocatedBytes - allocated, faults: watch.pageFaults))
    }
  }

  private func say(_ value: some Encodable) throws {
    print(String(decoding: try JSONEncoder().encode(value), as: UTF8.self))
    // A pipe holds lines back until its buffer is full.
    fflush(nil)
  }
}
