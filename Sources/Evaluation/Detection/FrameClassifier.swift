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
  /// Classes, without the column for no action.
  let classCount: Int
  /// `fc`, from features to 1 + classes.
  let head: Linear
  private let store: ParameterStore

  /// A classifier that has learned nothing, with running statistics of its own.
  init(_ recipe: DetectionRecipe, encoder: FrozenEncoder, classCount: Int) {
    self.recipe = recipe
    self.encoder = encoder.copy()
    self.classCount = classCount
    store = ParameterStore(seed: UInt64(recipe.seed))
    head = Linear(store.root / "fc", from: encoder.featureCount, to: classCount + 1)
  }

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
      try encoded(drawn, of: source.recordings, batch: recipe.batch, adapting: recipe.norm == .adapt) { $0 },
      drawn.map { columns[$0.entry][$0.window.centre] }
    )
  }

  /// Windows in a test batch: enough to keep the products large, and some tens of megabytes of states.
  private static let testBatch = 512

  /// The logits of every frame of a recording, (T, 1 + classes).
  func logits(of entry: Int, in recordings: SampleSource) throws -> Tensor {
    let length = recordings.entries[entry].length
    let windows = (0..<length).map { frame in
      (
        entry: entry,
        window: FrameWindow(around: frame, count: recipe.frames, stride: recipe.testStride, length: length)
      )
    }
    return try encoded(windows, of: recordings, batch: Self.testBatch, adapting: false) {
      head($0).detached()
    }
  }

  /// What `use` makes of the features of windows (batch, D), a batch at a time: (windows, K) of its (batch, K).
  private func encoded(
    _ windows: [(entry: Int, window: FrameWindow)], of recordings: SampleSource, batch: Int, adapting: Bool,
    use: (Tensor) -> Tensor
  ) throws -> Tensor {
    let stream = encoder.recipe.views.stream
    let inputs = Prefetcher(count: (windows.count + batch - 1) / batch, depth: 2) { index in
      SkeletonClip.stacked(
        try windows[(index * batch)..<min((index + 1) * batch, windows.count)].map { entry, window in
          stream.derived(from: window.clip(of: try recordings.clip(recordings.entries[entry])))
        })
    }
    defer { inputs.cancel() }
    var values: [Float] = []  // (windows, K)
    while let input = try inputs.next() {
      values.append(contentsOf: use(encoder.features(of: input, adapting: adapting)).values)
    }
    return Tensor(values, shape: [windows.count, values.count / windows.count])
  }
}
