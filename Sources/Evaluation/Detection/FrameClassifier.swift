import Batches
import NN
import Reporting
import Skeleton
import TensorCore
import Training

/// An encoder and a linear layer on its features that tell what happens in each frame of a recording.
///
/// Source: `processor/detection_downsample_linear.py` of Simple-Skeleton-Detection, which PCM3++ was measured with. Its
/// head has 53 outputs of which one is never used; this one has a column for no action and one for each class.
struct FrameClassifier {
  let recipe: DetectionRecipe
  let encoder: FrozenEncoder
  /// `fc`, from features to 1 + classes.
  let head: Linear
  private let store: ParameterStore

  /// A classifier that has learned nothing, with running statistics of its own.
  ///
  /// - Parameter outputs: 1 + classes.
  init(_ recipe: DetectionRecipe, encoder: FrozenEncoder, outputs: Int) {
    self.recipe = recipe
    self.encoder = encoder.copy()
    store = ParameterStore(seed: UInt64(recipe.seed))
    head = Linear(store.root / "fc", from: encoder.featureCount, to: outputs)
  }

  /// A classifier that was trained before.
  init(_ recipe: DetectionRecipe, encoder: FrozenEncoder, outputs: Int, trained layer: TrainedHead.Layer) {
    self.init(recipe, encoder: encoder, outputs: outputs)
    layer.load(into: head)
    self.encoder.load(layer.arrays)
  }

  /// What was learned, to be kept.
  var trained: TrainedHead.Layer { TrainedHead.Layer(head, on: encoder, statistics: encoder.statistics) }

  /// Trains the layer, and with `norm: adapt` moves the encoder's running statistics.
  ///
  /// Each set of windows is encoded in batches of a random order, which decides what batch statistics are of, and the
  /// first epoch goes through it in that order.
  func train(on source: UntrimmedSource, mode: ProgressMode) throws {
    let seed = UInt64(recipe.seed)
    var optimizer = SGD(
      learningRate: recipe.rate, momentum: recipe.momentum, weightDecay: recipe.weightDecay,
      nesterov: recipe.nesterov)
    let schedule = StepSchedule(base: recipe.rate, milestones: recipe.milestones, factor: recipe.factor)
    let draws = recipe.draws == 0 ? recipe.epochs : min(recipe.draws, recipe.epochs)
    let line = ProgressLine(total: recipe.epochs, unit: "epochs", mode: mode, label: "detection")
    var (drawn, features, columns) = (-1, Tensor.zeros([0, encoder.featureCount]), [Int]())
    for epoch in 0..<recipe.epochs {
      let draw = epoch * draws / recipe.epochs
      var order = Array(0..<columns.count)
      if draw != drawn {
        drawn = draw
        (features, columns) = try windows(of: source, draw: draw)
        order = Array(0..<columns.count)
      } else {
        var random = KeyedRandom(seed: seed, epoch: epoch, view: "detection.order")
        order = random.shuffled(order)
      }
      for start in stride(from: 0, to: order.count, by: recipe.batch) {
        let rows = Array(order[start..<min(start + recipe.batch, order.count)])
        let loss = softmaxCrossEntropy(head(features.rows(rows)), labels: rows.map { columns[$0] })
        optimizer.step(
          parameters: store.parameters, gradients: gradients(of: loss), rate: schedule.rate(epoch: epoch))
      }
      line.advance()
    }
    line.finish()
  }

  /// A set of random windows: features (windows, D) and the column of each one's middle frame.
  private func windows(of source: UntrimmedSource, draw: Int) throws -> (features: Tensor, columns: [Int]) {
    let entries = source.recordings.entries
    var random = KeyedRandom(seed: UInt64(recipe.seed), epoch: draw, view: "detection.windows")
    let items = random.shuffled(entries.indices.flatMap { entry in (0..<recipe.windows).map { (entry, $0) } })
    let drawn = items.map { entry, number -> (entry: Int, window: FrameWindow) in
      var random = KeyedRandom(
        seed: UInt64(recipe.seed), epoch: draw, sample: entries[entry].name,
        view: "detection.window \(number)")
      let stride = recipe.trainStrides[random.integer(below: recipe.trainStrides.count)]
      let frame = random.integer(below: entries[entry].length)
      return (
        entry,
        FrameWindow(around: frame, count: recipe.frames, stride: stride, length: entries[entry].length)
      )
    }
    let columns = entries.indices.map { frameColumns(of: source.actions[$0], length: entries[$0].length) }
    return (
      try encoded(drawn, batch: recipe.batch, adapting: recipe.norm == .adapt) { entry, window in
        window.clip(of: try source.recordings.clip(entries[entry]))
      } use: {
        $0
      },
      drawn.map { columns[$0.entry][$0.window.centre] }
    )
  }

  /// Windows in a test batch: enough to keep the products large, and some tens of megabytes of states.
  private static let testBatch = 512

  /// The logits of every frame of a recording (T, V, C, M), (T, 1 + classes).
  func logits(of recording: SkeletonClip) throws -> Tensor {
    let length = recording.frameCount
    let windows = (0..<length).map { frame in
      FrameWindow(around: frame, count: recipe.frames, stride: recipe.testStride, length: length)
    }
    return try encoded(windows, batch: Self.testBatch, adapting: false) { window in
      window.clip(of: recording)
    } use: { features in
      head(features).detached()
    }
  }

  /// What `use` makes of the features of windows (batch, D), a batch at a time: (windows, K) of its (batch, K).
  private func encoded<Window: Sendable>(
    _ windows: [Window], batch: Int, adapting: Bool,
    clip: @escaping @Sendable (Window) throws -> SkeletonClip,
    use: (Tensor) -> Tensor
  ) throws -> Tensor {
    let stream = encoder.stream
    let inputs = Prefetcher(count: (windows.count + batch - 1) / batch, depth: 2) { index in
      SkeletonClip.stacked(
        try windows[(index * batch)..<min((index + 1) * batch, windows.count)].map {
          stream.derived(from: try clip($0))
        })
    }
    defer { inputs.cancel() }
    var values: [Float] = []  // (windows, K)
    while let input = try inputs.next() {
      values.append(contentsOf: use(encoder.features(of: input, adapting ? .adapting : .evaluation)).values)
    }
    return Tensor(values, shape: [windows.count, values.count / windows.count])
  }
}
