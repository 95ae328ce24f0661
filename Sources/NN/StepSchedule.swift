/// A learning rate that drops at given epochs: base · factor^(milestones reached).
public struct StepSchedule: Sendable, Equatable {
  /// The rate of the first epoch.
  public let base: Float
  /// The epochs, counted from 0, from which each further factor holds.
  public let milestones: [Int]
  /// What the rate is multiplied by.
  public let factor: Float

  /// A schedule; without milestones the rate stays.
  public init(base: Float, milestones: [Int] = [], factor: Float = 0.1) {
    (self.base, self.milestones, self.factor) = (base, milestones, factor)
  }

  /// The rate of an epoch, counted from 0.
  public func rate(epoch: Int) -> Float {
    milestones.reduce(base) { rate, milestone in epoch >= milestone ? rate * factor : rate }
  }
}
