import Batches
import Encoders
import Methods
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

  /// Seconds in a whole step, by part.
  let seconds: [String: Seconds]

  /// Makes every part twice, and measures the second time.
  init(_ size: StepSize, _ mode: GRUMode, _ batch: Batch, _ views: PCM3PlusPlusViews) {
    let (settings, shape, width) = (size.settings, size.encoder(mode), SkeletonClip.width)
    let store = ParameterStore(seed: 2)
    let encoder = GRUEncoder(store.root / "encoder", shape, input: width)
    let decoder = ReconstructionDecoder(
      store.root / "decoder", features: shape.features, hidden: settings.decoder, output: width)
    let projector = Projector(store.root / "projector", features: shape.features, size: settings.projection)
    let queue = FeatureQueue(store.root, "queue", count: settings.queue, size: settings.projection)
    let constants = ParameterStore(seed: 2)
    let keys = GRUEncoder(constants.root / "encoder", shape, input: width)
    let projection = Projector(
      constants.root / "projector", features: shape.features, size: settings.projection)
    guard let query = views.query, let key = views.key, let source = views.source, let mask = views.mask
    else { preconditionFailure("PCM3++ without all of its views") }
    let pass = Pass.adapting
    constants.parameters.forEach { $0.isTrainable = false }

    var parts: [String: Seconds] = [:]
    func measure(_ part: Part, times: Double, _ body: () -> Void) {
      let once = Stopwatch.seconds(body)
      let before = parts[part.rawValue] ?? Seconds()
      parts[part.rawValue] = Seconds(
        clock: before.clock + times * once.clock, processor: before.processor + times * once.processor)
    }
    for _ in 0..<2 {
      parts = [:]
      measure(.forward, times: 1) { _ = keys.frames(batch[key], pass) }
      var frames = batch[query].values
      measure(.forward, times: 5) { frames = encoder.frames(batch[query], pass) }
      let last = frames.lastStep()
      measure(.backward, times: 5) { _ = gradients(of: last, seed: last.detached()) }
      let (features, hints) = (last.detached(), frames.detached())
      frames = hints

      measure(.decoder, times: 1) { learn(decoder(hints, pass), batch[source].values, batch[mask]) }
      measure(.decoder, times: 1) {
        learn(decoder(hints.asVariable(), pass), batch[source].values, batch[mask])
      }

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
          teacher: target, student: similarities, teacherTemperature: settings.contrast.teacher,
          studentTemperature: settings.contrast.student)
        let nce = infoNCE(
          positive: z.rowDot(z.detached()), negatives: similarities,
          temperature: settings.contrast.temperature)
        _ = gradients(of: kl + nce)
      }
    }
    seconds = parts
  }
}

/// A prediction's error and its gradients.
private func learn(_ prediction: Tensor, _ source: Tensor, _ mask: Tensor) {
  _ = gradients(of: maskedMSE(prediction, target: source, mask: mask))
}
