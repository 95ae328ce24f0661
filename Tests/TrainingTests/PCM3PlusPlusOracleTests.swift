import Batches
import Encoders
import Foundation
import HDF5
import Methods
import NN
import TensorCore
import Testing

/// A PCM3++ step, its gradients and ten steps of training against PyTorch's.
@Suite struct PCM3PlusPlusOracleTests {
  /// The model and the batch of an oracle file. The key branch stands still unless a momentum is given.
  private func load(
    _ file: borrowing HDF5File, momentum: Float = 1, _ change: (inout PCM3PlusPlusSettings) -> Void = { _ in }
  ) throws -> (MethodAlone<PCM3PlusPlus>, Batch) {
    var settings = PCM3PlusPlusSettings()
    let hidden = try file.floats("/parameters/encoder_q.encoder.gru.weight_hh_l0").shape[1]
    settings.projection = try file.floats("/parameters/encoder_q.fc.2.bias").shape[0]
    settings.decoder = try file.floats("/parameters/decoder.linear.0.bias").shape[0]
    settings.contrast.temperature = Float(try file.attribute("nce_temperature") as Double)
    settings.contrast.student = Float(try file.attribute("student_temperature") as Double)
    settings.contrast.teacher = Float(try file.attribute("teacher_temperature") as Double)
    settings.predictionWeight = Float(try file.attribute("reconstruction_weight") as Double)
    settings.keyMomentum = momentum
    let queue = try Oracles.tensor(file, "/queue")  // (D, K)
    let (size, count) = (queue.shape[0], queue.shape[1])
    settings.queue = count
    change(&settings)
    let key = try Oracles.tensor(file, "/inputs/key")
    let model = try MethodAlone<PCM3PlusPlus>(
      settings, GRUEncoderSettings(hidden: hidden, layers: 3), batch: key.shape[0], frames: key.shape[1],
      seed: 1)
    for parameter in model.store.parameters {
      let value = try Oracles.tensor(file, "/parameters/\(parameter.name)")
      #expect(value.shape == parameter.value.shape, "\(parameter.name)")
      parameter.value = parameter.isTrainable ? value.asVariable() : value
    }
    let columns = queue.values
    let rows = (0..<count).flatMap { key in (0..<size).map { columns[$0 * count + key] } }  // (K, D)
    model.store["queue"]?.value = Tensor(rows, shape: [count, size])
    return (model, try batch(file, of: model, key: key))
  }

  /// The views of a file, those that the method asks for.
  private func batch(_ file: borrowing HDF5File, of model: MethodAlone<PCM3PlusPlus>, key: Tensor) throws
    -> Batch
  {
    func input(_ name: String) throws -> Tensor { try Oracles.tensor(file, "/inputs/\(name)") }
    let window = try file.floats("/inputs/clip_mask").values  // (N, T, 1)
    let clip = key.values.enumerated().map { $0.element * window[$0.offset / key.shape[2]] }
    let views = model.method.views
    var batch = Batch([], of: model.views)
    if let view = views.query { batch.set(view, to: Clips(try input("query"))) }
    if let view = views.key { batch.set(view, to: Clips(key)) }
    if let view = views.clip { batch.set(view, to: Clips(Tensor(clip, shape: key.shape))) }
    if let view = views.source { batch.set(view, to: Clips(try input("masked_source"))) }
    if let view = views.mask { batch.set(view, to: try input("mask")) }
    if let view = views.mixed {
      batch.set(
        view,
        to: MixedClips(
          clips: Clips(try input("mixed")),
          partner: try file.integers("/inputs/partner").values.map(Int.init),
          share: Float(try file.attribute("mix_lambda") as Double)))
    }
    return batch
  }

  private func close(_ value: Float, _ expected: Float, within tolerance: Float, _ what: String) {
    #expect(
      abs(value - expected) <= tolerance * max(abs(expected), 1e-6), "\(what): \(value), expected \(expected)"
    )
  }

  @Test(arguments: Oracles.files("pcm3pp_step"))
  func everyTermAndEmbeddingAgrees(url: URL) throws {
    let file = try HDF5File(reading: url.path)
    let (model, batch) = try load(file)
    let step = model.step(batch)
    for view in PCM3PlusPlus.View.allCases {
      let name = view.rawValue
      for term in ["nce", "kl"] {
        close(
          try #require(step.terms["\(term)_\(name)"]), try file.floats("/outputs/\(term)/\(name)").values[0],
          within: 1e-4, "\(term) \(name)")
      }
      let embedding = try #require(step.shown["embedding \(name)"])
      #expect(
        Oracles.distance(embedding.values, try file.floats("/outputs/embedding/\(name)").values) < 1e-4,
        "\(name)")
    }
    close(try #require(step.terms["mse"]), try file.floats("/outputs/mse").values[0], within: 1e-4, "mse")
    close(step.loss, try file.floats("/outputs/loss").values[0], within: 1e-4, "loss")
    for (name, output) in [
      ("keys", "key"), ("mixed keys", "mixed_key"), ("reconstruction", "reconstruction"),
    ] {
      #expect(
        Oracles.distance(
          try #require(step.shown[name]).values, try file.floats("/outputs/\(output)").values) < 1e-4,
        "\(name)")
    }
    let (distilling, again) = try load(file) { $0.contrastWeight = 0 }
    let distilled = distilling.step(again)
    close(distilled.loss, try file.floats("/outputs/distill_loss").values[0], within: 1e-4, "distill_loss")
    #expect(!distilled.terms.keys.contains { $0.hasPrefix("nce") })
  }

  @Test(arguments: Oracles.files("pcm3pp_step"), [true, false])
  func everyGradientAgrees(url: URL, contrast: Bool) throws {
    let file = try HDF5File(reading: url.path)
    let (model, batch) = try load(file) { $0.contrastWeight = contrast ? 1 : 0 }
    let step = model.step(batch)
    let group = "/gradients/\(contrast ? "loss" : "distill_loss")"
    func norm(_ values: [Float]) -> Double {
      values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let largest = try file.names(in: group).map { norm(try file.floats("\(group)/\($0)").values) }.max() ?? 0
    for name in try file.names(in: group) {
      let parameter = try #require(model.store[name], "no parameter \(name)")
      let gradient = try #require(step.gradients[parameter.value], "no gradient of \(name)")
      let expected = try file.floats("\(group)/\(name)").values
      // Prompts and biases in front of batch normalization have no influence, since it takes them out again with the
      // mean: their gradients are rounding alone, on both sides.
      if name.hasSuffix("_prompt") || name == "decoder.linear.0.bias" {
        #expect(Oracles.distance(gradient.values, expected) * norm(expected) < 1e-5 * largest, "\(name)")
        #expect(norm(expected) < 1e-5 * largest && norm(gradient.values) < 1e-5 * largest, "\(name)")
      } else {
        let distance = Oracles.distance(gradient.values, expected)
        #expect(distance < 1e-3, "\(name): \(distance)")
      }
    }
    for parameter in model.store.parameters where !parameter.isTrainable {
      #expect(step.gradients[parameter.value] == nil, "\(parameter.name)")
    }
  }

  /// Whatever is left out, the loss is the sum of what PyTorch computed for the rest.
  @Test(
    arguments: Oracles.files("pcm3pp_step"),
    [[.base], [.clip], [], [.base, .mix], [.base, .mix, .mask], [.base, .mask, .recons, .mix]]
      as [[PCM3PlusPlus.View]])
  func lossesOfPartsAgree(url: URL, positives: [PCM3PlusPlus.View]) throws {
    let file = try HDF5File(reading: url.path)
    func term(_ name: String) throws -> Float { try file.floats("/outputs/\(name)").values[0] }
    for (distillation, prediction) in [(1, 40), (0, 40), (1, 0), (0, 0)] as [(Float, Float)] {
      if positives.isEmpty && prediction == 0 { continue }
      let (model, batch) = try load(file) {
        ($0.positives, $0.distillationWeight, $0.predictionWeight) = (positives, distillation, prediction)
      }
      var expected = prediction * (try term("mse"))
      for view in positives {
        expected += try term("nce/\(view.rawValue)") + distillation * term("kl/\(view.rawValue)")
      }
      close(model.step(batch).loss, expected, within: 1e-4, "\(positives)")
    }
  }

  @Test(arguments: Oracles.files("pcm3pp_step"))
  func tenStepsAgree(url: URL) throws {
    let file = try HDF5File(reading: url.path)
    let (model, batch) = try load(file, momentum: 0.999)
    var optimizer = SGD(learningRate: 0.02, momentum: 0.9, weightDecay: 1e-4)
    for expected in try file.doubles("/outputs/ten_losses").values {
      let step = model.step(batch, keepsChanges: true)
      close(step.loss, Float(expected), within: 1e-3, "loss")
      optimizer.step(parameters: model.store.parameters, gradients: step.gradients)
    }
  }
}
