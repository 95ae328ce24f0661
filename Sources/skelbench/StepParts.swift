import Batches
import Models
import NN
import Skeleton
import TensorCore

/// The parts of a PCM3++ step, each made alone as often as a step makes it.
struct StepParts {
  /// A part, in the order of the table.
  enum Part: String, CaseIterable {
    case forward = "encoder GRU forward"
    case backward = "encoder GRU backward"
    case decoder = "decoder"
    case projector = "projector"
    case queue = "queue: similarity, softmax, losses"
  }

  /// Seconds of the clock in a whole step, by part.
  let seconds: [String: Double]

  /// Makes every part twice, and measures the second time.
  init(_ size: StepSize, _ mode: GRUMode, _ batch: ContrastiveBatch, _ queue: FeatureQueue) {
    let settings = size.settings(mode)
    let store = ParameterStore(seed: 2)
    let encoder = GRUEncoder(store.root / "encoder", settings.encoder)
    let decoder = ReconstructionDecoder(
      store.root / "decoder", features: settings.encoder.features, hidden: settings.decoder,
      output: settings.encoder.input)
    let projector = Projector(
      store.root / "projector", features: settings.encoder.features, size: settings.projection)
    let constants = ParameterStore(seed: 2)
    let keys = GRUEncoder(constants.root / "encoder", settings.encoder)
    let projection = Projector(
      constants.root / "projector", features: settings.encoder.features, size: settings.projection)
    constants.parameters.forEach { $0.isTrainable = false }

    var parts: [String: Double] = [:]
    func measure(_ part: Part, times: Double, _ body: () -> Void) {
      parts[part.rawValue, default: 0] += times * Stopwatch.seconds(body)
    }
    for _ in 0..<2 {
      parts = [:]
      measure(.forward, times: 1) { _ = keys.frames(batch.key, training: true) }
      var frames = batch.query
      measure(.forward, times: 5) { frames = encoder.frames(batch.query, training: true) }
      let last = frames.lastStep()
      measure(.backward, times: 5) { _ = gradients(of: last, seed: last.detached()) }
      let (features, hints) = (last.detached(), frames.detached())
      frames = hints

      measure(.decoder, times: 1) { learn(decoder(hints, training: true), batch) }
      measure(.decoder, times: 1) { learn(decoder(hints.asVariable(), training: true), batch) }

      var z = features
      measure(.projector, times: 1) { _ = projection(features) }
      measure(.projector, times: 5) {
        z = projector(features.asVariable())
        _ = gradients(of: z, seed: z.detached())
      }

      z = z.detached()
      var target = z
      measure(.queue, times: 2) { target = queue.similarities(of: z) }
      measure(.queue, times: 5) {
        let z = z.asVariable()
        let similarities = queue.similarities(of: z)
        let kl = similarityKL(
          teacher: target, student: similarities, teacherTemperature: settings.teacherTemperature,
          studentTemperature: settings.studentTemperature)
        let nce = infoNCE(
          positive: z.rowDot(z.detached()), negatives: similarities,
          temperature: settings.contrastTemperature)
        _ = gradients(of: kl + nce)
      }
    }
    seconds = parts
  }
}

/// A prediction's error and its gradients.
private func learn(_ prediction: Tensor, _ batch: ContrastiveBatch) {
  _ = gradients(of: maskedMSE(prediction, target: batch.source, mask: batch.mask))
}
