import NN
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
  }
}
