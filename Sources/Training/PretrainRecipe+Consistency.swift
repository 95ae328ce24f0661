import Batches
import Models
import NN
import Recipes
import Skeleton

extension PretrainRecipe {
  /// Refuses settings that do not fit together.
  public func checkConsistency(in file: String) throws {
    guard views.frameCount.isMultiple(of: 16) else {
      throw InputError(
        file, at: "views.frames", found: "\(views.frameCount)", expected: "a multiple of 16",
        hint: "views are mixed in sixteenths and masked in eighths of their length")
    }
    guard model.queue.isMultiple(of: batch) else {
      throw InputError(
        file, at: "queue", found: "\(model.queue)", expected: "a multiple of batch, \(batch)",
        hint: "a batch of keys replaces the oldest whole batch")
    }
    guard epochs + distillationEpochs > 0 else {
      throw InputError(file, at: "epochs", found: "no epoch in either stage", expected: "at least one")
    }
    guard !optimizer.nesterov || (optimizer.kind == .sgd && optimizer.momentum > 0) else {
      throw InputError(
        file, at: "optimizer.nesterov", found: "true",
        expected: "false, as optimizer.kind is \(optimizer.kind.rawValue) and optimizer.momentum is "
          + "\(optimizer.momentum)",
        hint: "only SGD with a momentum can look ahead along it")
    }
    guard schedule == .step || finalRate <= rate else {
      throw InputError(
        file, at: "optimizer.final_rate", found: "\(finalRate)", expected: "at most optimizer.rate, \(rate)")
    }
    guard warmup <= epochs else {
      throw InputError(
        file, at: "optimizer.warmup", found: "\(warmup)", expected: "at most epochs, \(epochs)",
        hint: "the second stage has a rate of its own")
    }
    guard !keepsBest || probe.every == 0 || probe.part == .train else {
      throw InputError(
        file, at: "checkpoint.best", found: "true",
        expected: "false, as probe.part is test",
        hint: "a checkpoint that is chosen by the test side cannot be tested on it")
    }
    try checkMethod(in: file)
    if method == .pcm3pp { try checkParts(in: file) }
  }

  /// Refuses switches of another method, which would have no influence. Sizes may stand there, as recipes share them.
  private func checkMethod(in file: String) throws {
    let parts = ["positives", "guidance", "prompts.view", "prompts.task", "weight.prediction"]
    let foreign: [String] =
      switch method {
      case .pcm3pp: ["streams"]
      case .cmd: parts + ["views.stream"]
      case .autoencoder: parts + ["streams", "weight.distillation"]
      }
    let defaults = PretrainRecipe()
    for setting in Self.settings where foreign.contains(setting.key) {
      guard setting.text(self) == setting.text(defaults) else {
        throw InputError(
          file, at: setting.key, found: setting.text(self),
          expected: "\(setting.text(defaults)), its default, as method is \(method.rawValue)",
          hint: "\(method.rawValue) has no such part, so the setting would have no influence")
      }
    }
    guard !streams.isEmpty, Set(streams).count == streams.count else {
      throw InputError(
        file, at: "streams", found: "[\(streams.map(\.rawValue).joined(separator: ", "))]",
        expected: "at least one stream, and each once")
    }
    guard method != .autoencoder || distillationEpochs == 0 else {
      throw InputError(
        file, at: "distillation.epochs", found: "\(distillationEpochs)",
        expected: "0, as method is autoencoder",
        hint: "the second stage learns from distillation alone")
    }
    guard distillationEpochs == 0 || model.distillationWeight > 0 else {
      throw InputError(
        file, at: "distillation.epochs", found: "\(distillationEpochs)",
        expected: "0, as weight.distillation is 0", hint: "the second stage learns from distillation alone")
    }
  }

  /// Refuses parts of the method that contradict each other.
  private func checkParts(in file: String) throws {
    let positives = model.positives
    let shown = "[" + positives.map(\.rawValue).joined(separator: ", ") + "]"
    guard Set(positives).count == positives.count else {
      throw InputError(file, at: "positives", found: shown, expected: "each view once")
    }
    guard !positives.isEmpty || model.predictionWeight > 0 else {
      throw InputError(
        file, at: "positives", found: "no view, and weight.prediction is 0",
        expected: "a view to compare or a prediction to learn from")
    }
    guard distillationEpochs == 0 || !positives.isEmpty else {
      throw InputError(
        file, at: "distillation.epochs", found: "\(distillationEpochs)", expected: "0, as positives are []",
        hint: "the second stage learns from distillation alone")
    }
    guard model.predictionWeight > 0 || model.guidance || !positives.contains(.recons) else {
      throw InputError(
        file, at: "positives", found: "recons, of a decoder that never learns",
        expected: "weight.prediction above 0, or guidance: true")
    }
    guard !model.taskPrompts || (model.encoder.mode != .forward && model.encoder.hidden >= 8) else {
      throw InputError(
        file, at: "prompts.task", found: "true",
        expected: "false, as encoder.mode is \(model.encoder.mode.rawValue) and encoder.hidden is "
          + "\(model.encoder.hidden)",
        hint: "such prompts are an eighth of each of two directions")
    }
  }
}
