import Batches
import Models
import NN

extension Pretraining {
  /// The losses and gradients of a batch; nil if it was asked to stop in between, and then nothing has happened.
  ///
  /// A step moves the key branch and the running statistics before it knows its gradients. These are what they were
  /// again, so that the checkpoint is that of the step before, and the whole step is taken again from there. Everything
  /// random is keyed by the step, and queue, optimizer and log come after it.
  func losses(
    of batch: ContrastiveBatch, contrast: Bool, stop: () -> Bool
  ) -> (any PretrainingStep)? {
    let before = ParameterSnapshot(model.store.all.filter { !$0.isTrainable })
    var isStopped = false
    model.updateKeyBranch()
    let step = model.step(batch, queues: queues, contrast: contrast) {
      isStopped = isStopped || stop()
      return isStopped
    }
    guard isStopped else { return step }
    before.restore()
    return nil
  }
}
