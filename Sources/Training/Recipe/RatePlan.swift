import NN

/// How a learning rate falls.
public enum RateSchedule: String, CaseIterable, Sendable {
  /// It is multiplied by a factor at given epochs.
  case step
  /// It follows half a cosine, a little with every step.
  case cosine
  /// It does not.
  case constant
}

/// The learning rates of a training, from its first step to its last.
///
/// In the warm-up the rate rises in equal steps to what the schedule says. The cosine begins where the warm-up ends.
public struct RatePlan: Sendable {
  /// How the rate falls.
  public var schedule: RateSchedule
  /// The rate at the start.
  public var base: Float
  /// The rate at the end of a cosine.
  public var final: Float
  /// Epochs before which the rate of steps falls.
  public var milestones: [Int]
  /// What the rate is multiplied by at a milestone.
  public var factor: Float
  /// Epochs over which the rate rises.
  public var warmup: Int
  /// All epochs.
  public var epochs: Int

  /// A plan.
  public init(
    _ schedule: RateSchedule, base: Float, final: Float, milestones: [Int], factor: Float, warmup: Int,
    epochs: Int
  ) {
    self.schedule = schedule
    self.base = base
    self.final = final
    self.milestones = milestones
    self.factor = factor
    self.warmup = warmup
    self.epochs = epochs
  }

  /// The rate of a step of an epoch of so many steps, both from 0.
  public func rate(epoch: Int, step: Int, steps: Int) -> Float {
    let scheduled: Float
    switch schedule {
    case .step:
      scheduled = StepSchedule(base: base, milestones: milestones, factor: factor).rate(epoch: epoch)
    case .constant:
      scheduled = base
    case .cosine:
      let progress = Double((epoch - warmup) * steps + step) / Double(max(epochs - warmup, 1) * steps)
      scheduled = CosineSchedule(base: base, final: final).rate(progress: progress)
    }
    guard epoch < warmup else { return scheduled }
    return scheduled * Float(epoch * steps + step + 1) / Float(warmup * steps)
  }
}
