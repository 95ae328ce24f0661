import Foundation
import Models
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
    try run.save(
      model: model.store.entries, state: state, identity, progress, known: saved?.steps)
    saved = progress
    savedAt = .now
  }

  /// What going on needs beside the model: the optimizer's tensors, and the negatives.
  private var state: [Safetensors.Entry] {
    optimizer.state.map {
      Safetensors.Entry($0.key, shape: $0.value.shape, .float32($0.value.values))
    }
      + zip(model.queues, queues).flatMap { name, queue in
        [
          Safetensors.Entry(name, shape: queue.rows.shape, .float32(queue.rows.values)),
          Safetensors.Entry("\(name)_ptr", shape: [1], .int64([Int64(queue.pointer)])),
        ]
      }
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
    try model.store.load(saved.model, file: file)
    var remembered: [String: Tensor] = [:]
    let queueNames = Set(model.queues.flatMap { [$0, "\($0)_ptr"] })
    for entry in saved.state.entries where !queueNames.contains(entry.name) {
      guard case .float32(let values) = entry.values else {
        throw InputError(
          file, at: entry.name, found: "whole numbers", expected: "32-bit floating-point numbers")
      }
      remembered[entry.name] = Tensor(values, shape: entry.shape)
    }
    if let fault = optimizer.fault(of: remembered, for: model.store.parameters) {
      throw InputError(file, at: fault.name, found: fault.found, expected: fault.expected)
    }
    guard !remembered.isEmpty || saved.progress.steps == 0 else {
      throw InputError(
        file, at: optimizer.remembers.map { "\($0.rawValue).…" }.joined(separator: ", "),
        found: "no such arrays",
        expected: "what the optimizer remembers of \(saved.progress.steps) steps")
    }
    optimizer.state = remembered
    queues = try zip(model.queues, queues).map { name, queue in
      guard case .int64(let pointer)? = saved.state["\(name)_ptr"]?.values, pointer.count == 1,
        (0..<Int64(queue.count)).contains(pointer[0])
      else {
        throw InputError(
          file, at: "\(name)_ptr", found: "no such number", expected: "one in 0..<\(queue.count)")
      }
      let rows = try saved.state.floats(name, shape: queue.rows.shape, file: file)
      return FeatureQueue(rows: Tensor(rows, shape: queue.rows.shape), pointer: Int(pointer[0]))
    }
    // A checkpoint of an earlier version does not say how many steps an epoch has.
    let stepsPerEpoch = stepsPerEpoch
    progress = saved.progress
    progress.stepsPerEpoch = stepsPerEpoch
    self.saved = progress
  }
}
