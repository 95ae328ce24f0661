import Encoders
import Methods
import NN
import Recipes
import Skeleton

extension PretrainRecipe {
  /// What stands around the method's settings.
  var around: MethodSurroundings {
    MethodSurroundings(batch: batch, frames: input.frames, stream: input.stream, encoder: encoder)
  }

  /// Refuses settings that do not fit together, in any of the stages.
  public func checkConsistency(in file: String) throws {
    guard totalEpochs > 0 else {
      throw InputError(file, at: "epochs", found: "no epoch in any stage", expected: "at least one")
    }
    try checkStage(in: file)
    _ = try resolvedStages()
  }

  private func checkStage(in file: String) throws {
    guard !optimizer.nesterov || (optimizer.kind == .sgd && optimizer.momentum > 0) else {
      throw InputError(
        file, at: "optimizer.nesterov", found: "true",
        expected: "false, as optimizer.kind is \(optimizer.kind.rawValue) and optimizer.momentum is "
          + "\(optimizer.momentum)",
        hint: "only SGD with a momentum can look ahead along it")
    }
    try rates.check(epochs: epochs, in: file)
    guard !keepsBest || probe.every == 0 || probe.part == .train else {
      throw InputError(
        file, at: "checkpoint.best", found: "true",
        expected: "false, as probe.part is test",
        hint: "a checkpoint that is chosen by the test side cannot be tested on it")
    }
    try encoder.settings.checkConsistency(in: file)
    try encoder.encoder.check(EncoderInput(layout: .kinect25, frames: input.frames), in: file)
    try method.check(around, in: file)
    try tasks.check(around, in: file)
    guard method.kind != Context.Settings.kind || !tasks.isEmpty else {
      throw InputError(
        file, at: "tasks", found: "none", expected: "at least one, as method is \(method.kind)",
        hint: "such as tasks: [displacement]")
    }
    do { _ = try ownRecords() } catch var error as InputError {
      error.file = file
      throw error
    }
  }
}
