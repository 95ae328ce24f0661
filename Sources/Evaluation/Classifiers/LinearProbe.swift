import Batches
import NN
import Reporting
import Skeleton
import TensorCore

/// A linear layer that is trained on the features of one frozen encoder.
///
/// With batch normalization the running statistics become a part of the layer when training ends, so that what is left
/// is one weight and one bias.
struct LinearProbe {
  let settings: HeadSettings
  private let encoder: FrozenEncoder
  /// `fc`, and `norm` where there is one.
  let store: ParameterStore
  private let layer: Linear
  private let norm: BatchNorm1d?

  /// A layer that has learned nothing.
  init(_ settings: HeadSettings, on encoder: FrozenEncoder, classCount: Int) {
    self.settings = settings
    self.encoder = encoder
    let seed = UInt64(settings.seed)
    store = ParameterStore(seed: seed)
    layer = Linear(store.root / "fc", from: encoder.featureCount, to: classCount)
    layer.startAsCMD(seed: seed)
    norm = settings.normalizes ? BatchNorm1d(store.root / "norm", features: encoder.featureCount) : nil
    norm?.weight.isTrainable = false
    norm?.bias.isTrainable = false
  }

  /// Trains the layer.
  ///
  /// - Parameter test: what the best epoch is chosen by; nil where the last one counts.
  /// - Returns: the layer, (C, D) and (C).
  func trained(on source: SampleSource, watching test: FeatureSet?, mode: ProgressMode) throws -> Linear {
    let seed = UInt64(settings.seed)
    let labels = source.labels
    var optimizer = settings.fitting.optimizer.optimizer()
    let draws = settings.draws == 0 ? settings.epochs : min(settings.draws, settings.epochs)
    let line = ProgressLine(total: settings.epochs, unit: "epochs", mode: mode, label: "linear")
    var drawn = -1
    var features = Tensor.zeros([0, encoder.featureCount])
    var best: (accuracy: Double, layer: Linear)?
    for epoch in 0..<settings.epochs {
      // Epochs that share a draw follow each other, so that the features of one draw at a time are in memory.
      let draw = epoch * draws / settings.epochs
      if draw != drawn {
        let crop = FrozenEncoder.Crop.random(settings.crop, seed: seed, epoch: draw)
        features = try encoder.features(of: source, crop: crop).values
        drawn = draw
      }
      var random = KeyedRandom(seed: seed, epoch: epoch, view: "linear.order")
      let order = random.shuffled(Array(labels.indices))
      let steps = (order.count + settings.batch - 1) / settings.batch
      for step in 0..<steps {
        let rows = Array(order[(step * settings.batch)..<min((step + 1) * settings.batch, order.count)])
        // One row has no variance to be normalized by.
        if norm != nil && rows.count == 1 { continue }
        let inputs = features.rows(rows)
        let loss = softmaxCrossEntropy(
          layer(norm?(inputs, training: true) ?? inputs), labels: rows.map { labels[$0] })
        optimizer.step(
          parameters: store.parameters, gradients: gradients(of: loss),
          rate: settings.fitting.rate(epoch: epoch, step: step, steps: steps, epochs: settings.epochs),
          scale: 1)
      }
      if let test {
        let layer = folded()
        let accuracy = ClassificationMetrics(
          scores: layer(test.values).values, labels: test.labels, classCount: layer.bias.value.count
        ).top1
        if accuracy > best?.accuracy ?? -1 { best = (accuracy, layer) }
      }
      line.advance()
    }
    line.finish()
    return best?.layer ?? folded()
  }

  /// The layer with the running statistics in it, as it is now.
  private func folded() -> Linear {
    let (outputs, width) = (layer.weight.value.shape[0], layer.weight.value.shape[1])
    let result = Linear(ParameterStore(seed: 0).root / "fc", from: width, to: outputs)
    var (weight, bias) = (layer.weight.value.values, layer.bias.value.values)
    if let norm {
      let (mean, variance) = (norm.runningMean.value.values, norm.runningVariance.value.values)
      for output in 0..<outputs {
        var shift: Float = 0
        for column in 0..<width {
          weight[output * width + column] /= (variance[column] + 1e-5).squareRoot()
          shift += weight[output * width + column] * mean[column]
        }
        bias[output] -= shift
      }
    }
    result.weight.value = Tensor(weight, shape: [outputs, width])
    result.bias.value = Tensor(bias, shape: [outputs])
    return result
  }
}

extension Linear {
  /// Sets the layer as CMD's evaluation starts: weights of deviation 0.01, no bias.
  func startAsCMD(seed: UInt64) {
    var random = KeyedRandom(seed: seed, view: "linear.start")
    weight.value = Tensor(
      (0..<weight.value.count).map { _ in 0.01 * random.normal() }, shape: weight.value.shape)
    bias.value = Tensor.zeros(bias.value.shape)
  }
}
