import Foundation
import Methods
import NN
import Skeleton
import TensorCore

extension Pretraining {
  /// Whether it is time for a checkpoint in the middle of an epoch.
  var isCheckpointDue: Bool {
    recipe.checkpointMinutes > 0
      && .now - savedAt >= .seconds(Double(recipe.checkpointMinutes) * 60)
  }

  mutating func save(_ log: TrainingLog) throws {
    try log.synchronize()
    identity.encoders = model.records
    try run.save(
      model: model.store.entries, state: state, identity, progress, known: saved?.steps)
    saved = progress
    savedAt = .now
  }

  /// What going on needs beside the model: the optimizer's tensors, and the method's memory.
  private var state: [Safetensors.Entry] {
    optimizer.state.map {
      Safetensors.Entry($0.key, shape: $0.value.shape, .float32($0.value.values))
    } + model.store.memory.map(\.entry)
  }

  /// Sets the model and the state to a checkpoint's.
  mutating func restore(_ saved: Checkpoint) throws {
    let file = run.url.path
    // Neither factor is above `Checkpoint.mostSteps`.
    let expected = saved.progress.epochs * stepsPerEpoch + saved.progress.epochSteps
    guard saved.progress.steps == expected, saved.progress.epochSteps < stepsPerEpoch else {
      throw InputError(
        file, at: "steps", found: "\(saved.progress.steps)",
        expected: "\(expected), from the checkpoint's epochs")
    }
    // At the border of two stages it is of the one that has ended.
    try enterStage(
      of: max(saved.progress.epochSteps > 0 ? saved.progress.epochs : saved.progress.epochs - 1, 0))
    try model.store.load(saved.model, file: file)
    var remembered: [String: Tensor] = [:]
    for entry in saved.state.entries where !isMemory(entry.name) {
      guard case .float32(let values) = entry.values else {
        throw InputError(
          file, at: entry.name, found: "whole numbers", expected: "32-bit floating-point numbers")
      }
      remembered[entry.name] = Tensor(values, shape: entry.shape)
    }
    if let fault = optimizer.fault(of: remembered, for: model.store.parameters) {
      throw InputError(file, at: fault.name, found: fault.found, expected: fault.expected)
    }
    guard !remembered.isEmpty || saved.progress.steps <= model.method.fillingEpochs * stepsPerEpoch else {
      throw InputError(
        file, at: optimizer.remembers.map { "\($0.rawValue).…" }.joined(separator: ", "),
        found: "no such arrays",
        expected: "what the optimizer remembers of \(saved.progress.steps) steps")
    }
    optimizer.state = remembered
    for parameter in model.store.memory {
      let values = try saved.state.memory(parameter, file: file)
      parameter.value = Tensor(values, shape: parameter.value.shape)
    }
    // A checkpoint of an earlier version does not say how many steps an epoch has.
    let stepsPerEpoch = stepsPerEpoch
    progress = saved.progress
    progress.stepsPerEpoch = stepsPerEpoch
    self.saved = progress
  }

  /// Whether an array of a state is a method's memory. Earlier versions kept a queue also where a method had none.
  private func isMemory(_ name: String) -> Bool {
    model.store[name]?.role == .memory || name == "queue" || name == "queue_ptr"
  }
}
