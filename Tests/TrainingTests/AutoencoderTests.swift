import Batches
import Encoders
import Methods
import NN
import Skeleton
import TensorCore
import Testing

@Suite struct AutoencoderTests {
  private func model(isFixed: Bool, decoder units: Int = 7) throws -> MethodAlone<SequenceAutoencoder> {
    var settings = SequenceAutoencoder.Settings()
    (settings.decoder, settings.isFixed) = (units, isFixed)
    return try MethodAlone(settings, GRUEncoderSettings(hidden: 6), batch: 3, seed: 9)
  }

  /// The sequences of a batch, and how a model writes them down.
  private func written(
    _ batch: Batch, by model: MethodAlone<SequenceAutoencoder>
  ) -> (source: Tensor, found: Tensor) {
    let clips = batch[model.method.clips]
    return (clips.values, model.method.reconstruction(of: clips, .adapting))
  }

  @Test(arguments: [false, true])
  func theLossIsTheMeanSquaredError(isFixed: Bool) throws {
    let model = try model(isFixed: isFixed)
    let batch = model.noise(3)
    let step = model.step(batch)
    let (source, found) = written(batch, by: model)
    #expect(found.shape == source.shape)
    let errors = zip(found.values, source.values).map { Double($0 - $1) * Double($0 - $1) }
    let expected = errors.reduce(0, +) / Double(errors.count)
    #expect(abs(Double(step.loss) - expected) < 1e-5 * expected && step.terms == ["mse": step.loss])
    #expect(model.store.memory.isEmpty)
    for parameter in model.store.parameters {
      let learns = !isFixed || parameter.name.hasPrefix("encoder_q.")
      #expect((step.gradients[parameter.value] != nil) == learns, "\(parameter.name)")
    }
  }

  /// Every frame is written from the same feature: that of the last frame, and of nothing else.
  @Test func theDecoderSeesTheFeatureAlone() throws {
    // With an encoder that has forgotten its input, all sequences are written alike.
    let model = try model(isFixed: true)
    let batch = model.noise(3)
    for parameter in model.store.parameters
    where parameter.name.hasPrefix("encoder_q") && parameter.name.contains("weight_ih_l0") {
      parameter.value = Tensor.zeros(parameter.value.shape)
    }
    let written = written(batch, by: model).found
    let (first, second) = (written.rows([0]).values, written.rows([2]).values)
    #expect(zip(first, second).allSatisfy { abs($0 - $1) < 1e-6 })
    let whole = self.written(batch, by: try self.model(isFixed: true)).found
    #expect(zip(whole.rows([0]).values, whole.rows([2]).values).contains { abs($0 - $1) > 1e-3 })
  }

  /// Sequences that stand still, which can be written down from a feature also by units that stay as they are.
  @Test(arguments: [true, false]) func theErrorFallsAsItLearns(isFixed: Bool) throws {
    // What is fixed writes no more than a mixture of as many postures as it has units.
    let model = try model(isFixed: isFixed, decoder: 150)
    let batch = model.noise(3, distinctFrames: 1)
    var optimizer = Adam()
    var losses: [Float] = []
    for _ in 0..<40 {
      let step = model.step(batch, keepsChanges: true)
      optimizer.step(parameters: model.store.parameters, gradients: step.gradients, rate: 0.01)
      losses.append(step.loss)
    }
    #expect(losses[39] < 0.95 * losses[0], "from \(losses[0]) to \(losses[39])")
  }
}
