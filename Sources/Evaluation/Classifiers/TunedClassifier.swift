import Batches
import Encoders
import NN
import Recipes
import Reporting
import Skeleton
import TensorCore
import Training

/// An encoder that is trained further, together with a linear layer on its feature.
///
/// The batch normalization of the inputs is in training mode, as in CMD's semi-supervised script.
struct TunedClassifier {
  let settings: TuningSettings
  /// A copy of the pre-trained encoder.
  let encoder: FrozenEncoder
  let layer: Linear
  private let seed: UInt64
  private let classCount: Int

  /// A classifier that starts from a pre-trained encoder, which stays as it is.
  init(_ settings: TuningSettings, from encoder: FrozenEncoder, classCount: Int, seed: UInt64) {
    self.settings = settings
    self.seed = seed
    self.classCount = classCount
    self.encoder = encoder.learner()
    layer = Linear(ParameterStore(seed: seed).root / "fc", from: encoder.featureCount, to: classCount)
    layer.startAsCMD(seed: seed)
  }

  /// Trains the encoder and the layer.
  ///
  /// - Parameters:
  ///   - names: the samples of the source that are learned from; nil for all.
  ///   - test: what the best epoch is chosen by; nil where the last one counts.
  func train(
    on source: SampleSource, names: Set<String>? = nil, watching test: SampleSource?, mode: ProgressMode
  ) throws {
    let layers = try layerRates()
    var optimizer = settings.fitting.optimizer.optimizer()
    let line = ProgressLine(total: settings.epochs, unit: "epochs", mode: mode, label: "tuning")
    var best: (accuracy: Double, arrays: [Safetensors.Entry], layer: TrainedHead.Layer)?
    for epoch in 0..<settings.epochs {
      let order = source.order(seed: seed, epoch: epoch).filter { names?.contains($0.name) ?? true }
      let steps = (order.count + settings.batch - 1) / settings.batch
      let batches = batches(of: order, from: source, epoch: epoch)
      defer { batches.cancel() }
      var sum: Float = 0
      for step in 0..<steps {
        guard let input = try batches.next() else { break }
        let labels = order[(step * settings.batch)..<min((step + 1) * settings.batch, order.count)].map(
          \.label)
        let pass = Pass(seed: seed, epoch: epoch, batch: step, view: "tuning")
        let logits = layer(encoder.features(of: input, pass))
        let loss =
          settings.smoothing == 0
          ? softmaxCrossEntropy(logits, labels: labels)
          : softmaxCrossEntropy(logits, labels: labels, smoothing: settings.smoothing)
        sum += loss.scalar
        guard sum.isFinite else {
          throw InputError(
            "epoch \(epoch + 1)", found: "a loss that is not finite", hint: "try a lower optimizer.rate")
        }
        let gradients = gradients(of: loss)
        let rate = settings.fitting.rate(epoch: epoch, step: step, steps: steps, epochs: settings.epochs)
        optimizer.step(
          parameters: [layer.weight, layer.bias], gradients: gradients, rate: rate, scale: 1)
        let own = rate * settings.encoderScale
        if let layers {
          optimizer.step(
            parameters: encoder.parameters, gradients: gradients, rate: own, scale: 1, layers: layers)
        } else {
          optimizer.step(parameters: encoder.parameters, gradients: gradients, rate: own, scale: 1)
        }
      }
      if let test {
        let accuracy = try metrics(of: test).top1
        if accuracy > best?.accuracy ?? -1 { best = (accuracy, encoder.arrays, trained) }
      }
      line.advance(detail: "loss \(sum / Float(max(steps, 1)))")
    }
    line.finish()
    if let best {
      encoder.load(best.arrays)
      best.layer.load(into: layer)
    }
  }

  /// The rates of the encoder's layers; nil where they are alike.
  ///
  /// - Throws: an `InputError` if they are to differ and the encoder has no blocks.
  private func layerRates() throws -> LayerRates? {
    if settings.layerFactor == 1 { return nil }
    guard let rates = encoder.layerRates(factor: settings.layerFactor) else {
      throw InputError(
        "optimizer.layers", found: "\(settings.layerFactor) for \(encoder.record.encoder.kind)",
        expected: "1 for an encoder that is no stack of blocks")
    }
    return rates
  }

  /// The batches of an epoch, (N, T, 150), cropped and turned at random.
  private func batches(
    of order: [SampleSource.Entry], from source: SampleSource, epoch: Int
  ) -> Prefetcher<Tensor> {
    let (seed, size, share) = (seed, settings.batch, settings.crop)
    let (frames, stream) = (encoder.frames, encoder.stream)
    let rotation = settings.rotation > 0 ? Augmentation.rotation(upTo: settings.rotation) : nil
    return Prefetcher(count: (order.count + size - 1) / size, depth: 2) { index in
      SkeletonClip.stacked(
        try order[(index * size)..<min((index + 1) * size, order.count)].map { entry in
          var random = KeyedRandom(seed: seed, epoch: epoch, sample: entry.name, view: "evaluation.crop")
          let clip = try source.clip(entry).randomCrop(share: share, to: frames, &random)
          return stream.derived(from: rotation.map { $0(clip, &random) } ?? clip)
        })
    }
  }

  /// The logits of all samples, (N, C).
  func logits(of source: SampleSource) throws -> Tensor {
    let frozen = encoder.copy()
    return layer(try frozen.features(of: source, crop: .middle(settings.testCrop)).values).detached()
  }

  private func metrics(of source: SampleSource) throws -> ClassificationMetrics {
    ClassificationMetrics(
      scores: try logits(of: source).values, labels: source.labels, classCount: classCount)
  }

  /// What was learned: the layer and the whole encoder.
  var trained: TrainedHead.Layer { TrainedHead.Layer(layer, on: encoder, statistics: encoder.arrays) }
}
