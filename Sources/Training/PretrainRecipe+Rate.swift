import NN

/// How a learning rate falls.
public enum RateSchedule: String, CaseIterable, Sendable {
  /// It is multiplied by a factor at given epochs.
  case step
  /// It follows half a cosine, a little with every step.
  case cosine
}

extension PretrainRecipe {
  /// The learning rate at a step of an epoch, both from 0.
  ///
  /// In the warm-up it rises in equal steps to what the schedule says. The cosine begins where the warm-up ends.
  public func rate(epoch: Int, step: Int, steps: Int) -> Float {
    if isDistillation(epoch) { return distillationRate }
    let scheduled: Float
    switch schedule {
    case .step:
      scheduled = StepSchedule(base: rate, milestones: milestones, factor: factor).rate(epoch: epoch)
    case .cosine:
      let progress = Double((epoch - warmup) * steps + step) / Double(max(epochs - warmup, 1) * steps)
      scheduled = CosineSchedule(base: rate, final: finalRate).rate(progress: progress)
    }
    guard epoch < warmup else { return scheduled }
    return scheduled * Float(epoch * steps + step + 1) / Float(warmup * steps)
  }
}
