import Batches
import Methods
import NN
import TensorCore

extension Pretraining {
  /// What is learned from a batch; nil if it was asked to stop in between, and then nothing has happened.
  ///
  /// A step moves what follows, running statistics and memory before it knows all of its gradients. These are what they
  /// were again, so that the checkpoint is that of the step before, and the whole step is taken again from there. Everything
  /// random is keyed by the step, and optimizer and log come after it.
  func learned(from batch: Batch, epoch: Int, index: Int, stop: () -> Bool) -> Step? {
    let before = ParameterSnapshot(
      model.store.all.filter { !$0.isTrainable } + model.store.memory)
    let epochs = stages[stage].epochs
    let done = Double((epoch - epochs.lowerBound) * stepsPerEpoch + index)
    let (step, isStopped) = withoutActuallyEscaping(stop) { stop in
      var step = Step(
        seed: UInt64(recipe.seed), epoch: epoch, index: index,
        progress: done / Double(epochs.count * stepsPerEpoch), stop: stop)
      model.method.step(batch, &step)
      return (step.finished, step.wasStopped)
    }
    guard isStopped else { return step }
    before.restore()
    return nil
  }
}
