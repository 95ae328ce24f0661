import Batches
import NN
import Skeleton
import TensorCore
import Testing

@testable import Models

@Suite struct AutoencoderTests {
  private let batch: ContrastiveBatch

  init() { batch = Self.batch(distinctFrames: 20) }

  /// Three sequences of 20 frames of noise, of which so many follow each other again and again.
  private static func batch(distinctFrames: Int) -> ContrastiveBatch {
    let clips = (0..<3).map { index in
      var random = KeyedRandom(seed: 1, sample: "\(index)", view: "test")
      let noise = (0..<(distinctFrames * SkeletonClip.width)).map { _ in random.uniform(-1, 1) }
      return SkeletonClip(values: (0..<(20 / distinctFrames)).flatMap { _ in noise })
    }
    var views = ContrastiveViews()
    views.frameCount = 16
    return views.batch(of: clips, names: ["a", "b", "c"], seed: 5, epoch: 0, index: 0)
  }

  private func model(isFixed: Bool, decoder units: Int = 7) -> SequenceAutoencoder {
    var size = GRUEncoderSettings()
    (size.hidden, size.layers) = (6, 2)
    return SequenceAutoencoder(encoder: size, decoder: units, isFixed: isFixed, seed: 9)
  }

  @Test(arguments: [false, true])
  func theLossIsTheMeanSquaredError(isFixed: Bool) {
    let model = model(isFixed: isFixed)
    let step = model.step(batch)
    let found = self.model(isFixed: isFixed).reconstruction(of: batch.source)
    #expect(found.shape == batch.source.shape)
    let errors = zip(found.values, batch.source.values).map { Double($0 - $1) * Double($0 - $1) }
    let expected = errors.reduce(0, +) / Double(errors.count)
    #expect(abs(Double(step.loss) - expected) < 1e-5 * expected && step.terms == ["mse": step.loss])
    #expect(step.queued.isEmpty && model.queues.isEmpty)
    for parameter in model.store.parameters {
      let learns = !isFixed || parameter.name.hasPrefix("encoder_q.")
      #expect((step.gradients[parameter.value] != nil) == learns, "\(parameter.name)")
    }
  }

  /// Every frame is written from the same feature: that of the last frame, and of nothing else.
  @Test func theDecoderSeesTheFeatureAlone() {
    // With an encoder that has forgotten its input, all sequences are written alike.
    let model = model(isFixed: true)
    for parameter in model.store.parameters
    where parameter.name.hasPrefix("encoder_q") && parameter.name.contains("weight_ih_l0") {
      parameter.value = Tensor.zeros(parameter.value.shape)
    }
    let written = model.reconstruction(of: batch.source)
    let (first, second) = (written.rows([0]).values, written.rows([2]).values)
    #expect(zip(first, second).allSatisfy { abs($0 - $1) < 1e-6 })
    let whole = self.model(isFixed: true).reconstruction(of: batch.source)
    #expect(zip(whole.rows([0]).values, whole.rows([2]).values).contains { abs($0 - $1) > 1e-3 })
  }

  /// Sequences that stand still, which can be written down from a feature also by units that stay as they are.
  @Test(arguments: [true, false]) func theErrorFallsAsItLearns(isFixed: Bool) {
    // What is fixed writes no more than a mixture of as many postures as it has units.
    let model = model(isFixed: isFixed, decoder: 150)
    let batch = Self.batch(distinctFrames: 1)
    var optimizer = Adam()
    var losses: [Float] = []
    for _ in 0..<40 {
      let step = model.step(batch)
      optimizer.step(parameters: model.store.parameters, gradients: step.gradients, rate: 0.01)
      losses.append(step.loss)
    }
    #expect(losses[39] < 0.95 * losses[0], "from \(losses[0]) to \(losses[39])")
  }
}
