import Batches
import Foundation
import HDF5
import Models
import NN
import TensorCore
import Testing

/// A PCM3++ step, its gradients and ten steps of training against PyTorch's.
@Suite struct PCM3PlusPlusOracleTests {
  /// The model, batch and queue of an oracle file.
  private func load(
    _ file: borrowing HDF5File, _ change: (inout PCM3PlusPlusSettings) -> Void = { _ in }
  ) throws -> (PCM3PlusPlus, ContrastiveBatch, FeatureQueue) {
    var settings = PCM3PlusPlusSettings()
    let hidden = try file.floats("/parameters/encoder_q.encoder.gru.weight_hh_l0").shape[1]
    settings.encoder.hidden = hidden
    settings.projection = try file.floats("/parameters/encoder_q.fc.2.bias").shape[0]
    settings.decoder = try file.floats("/parameters/decoder.linear.0.bias").shape[0]
    settings.contrastTemperature = Float(try file.attribute("nce_temperature") as Double)
    settings.studentTemperature = Float(try file.attribute("student_temperature") as Double)
    settings.teacherTemperature = Float(try file.attribute("teacher_temperature") as Double)
    settings.predictionWeight = Float(try file.attribute("reconstruction_weight") as Double)
    let queue = try Oracles.tensor(file, "/queue")  // (D, K)
    let (size, count) = (queue.shape[0], queue.shape[1])
    settings.queue = count
    change(&settings)
    let model = PCM3PlusPlus(settings, seed: 1)
    for parameter in model.store.parameters {
      let value = try Oracles.tensor(file, "/parameters/\(parameter.name)")
      #expect(value.shape == parameter.value.shape, "\(parameter.name)")
      parameter.value = parameter.isTrainable ? value.asVariable() : value
    }
    let columns = queue.values
    let rows = (0..<count).flatMap { key in (0..<size).map { columns[$0 * count + key] } }  // (K, D)
    func input(_ name: String) throws -> Tensor { try Oracles.tensor(file, "/inputs/\(name)") }
    let key = try input("key")
    let window = try file.floats("/inputs/clip_mask").values  // (N, T, 1)
    let clip = key.values.enumerated().map { $0.element * window[$0.offset / key.shape[2]] }
    let batch = ContrastiveBatch(
      names: [], query: try input("query"), key: key, mixed: try input("mixed"),
      clip: Tensor(clip, shape: key.shape),
      source: try input("masked_source"), mask: try input("mask"),
      partner: try file.integers("/inputs/partner").values.map(Int.init),
      mixShare: Float(try file.attribute("mix_lambda") as Double))
    return (model, batch, FeatureQueue(rows: Tensor(rows, shape: [count, size]), pointer: 0))
  }

  private func close(_ value: Float, _ expected: Float, within tolerance: Float, _ what: String) {
    #expect(
      abs(value - expected) <= tolerance * max(abs(expected), 1e-6), "\(what): \(value), expected \(expected)"
    )
  }

  @Test(arguments: Oracles.files("pcm3pp_step"))
  func everyTermAndEmbeddingAgrees(url: URL) throws {
    let file = try HDF5File(reading: url.path)
    let (model, batch, queue) = try load(file)
    let step = model.step(batch, queue: queue)
    for view in PCM3PlusPlus.View.allCases {
      let name = view.rawValue
      close(
        try #require(step.contrast[view]), try file.floats("/outputs/nce/\(name)").values[0], within: 1e-4,
        "nce \(name)")
      close(
        try #require(step.distillation[view]), try file.floats("/outputs/kl/\(name)").values[0], within: 1e-4,
        "kl \(name)")
      let embedding = try #require(step.embeddings[view])
      #expect(
        Oracles.distance(embedding.values, try file.floats("/outputs/embedding/\(name)").values) < 1e-4,
        "\(name)")
    }
    close(try #require(step.prediction), try file.floats("/outputs/mse").values[0], within: 1e-4, "mse")
    close(step.loss, try file.floats("/outputs/loss").values[0], within: 1e-4, "loss")
    #expect(Oracles.distance(step.keys.values, try file.floats("/outputs/key").values) < 1e-4)
    #expect(
      Oracles.distance(try #require(step.mixedKeys).values, try file.floats("/outputs/mixed_key").values)
        < 1e-4)
    #expect(
      Oracles.distance(
        try #require(step.reconstruction).values, try file.floats("/outputs/reconstruction").values) < 1e-4)
    let distilled = model.step(batch, queue: queue, contrast: false)
    close(distilled.loss, try file.floats("/outputs/distill_loss").values[0], within: 1e-4, "distill_loss")
    #expect(distilled.contrast.isEmpty)
  }

  @Test(arguments: Oracles.files("pcm3pp_step"), [true, false])
  func everyGradientAgrees(url: URL, contrast: Bool) throws {
    let file = try HDF5File(reading: url.path)
    let (model, batch, queue) = try load(file)
    let step = model.step(batch, queue: queue, contrast: contrast)
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
      let (model, batch, queue) = try load(file) {
        ($0.positives, $0.distillationWeight, $0.predictionWeight) = (positives, distillation, prediction)
      }
      var expected = prediction * (try term("mse"))
      for view in positives {
        expected += try term("nce/\(view.rawValue)") + distillation * term("kl/\(view.rawValue)")
      }
      close(model.step(batch, queue: queue).loss, expected, within: 1e-4, "\(positives)")
    }
  }

  @Test(arguments: Oracles.files("pcm3pp_step"))
  func tenStepsAgree(url: URL) throws {
    let file = try HDF5File(reading: url.path)
    let (model, batch, start) = try load(file)
    var queue = start
    var optimizer = SGD(learningRate: 0.02, momentum: 0.9, weightDecay: 1e-4)
    for expected in try file.doubles("/outputs/ten_losses").values {
      model.updateKeyBranch()
      let step = model.step(batch, queue: queue)
      close(step.loss, Float(expected), within: 1e-3, "loss")
      optimizer.step(parameters: model.store.parameters, gradients: step.gradients)
      queue.enqueue(step.keys)
    }
  }
}
