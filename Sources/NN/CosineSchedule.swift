import Foundation

/// A learning rate that falls along half a cosine: final + (base - final) (1 + cos(π progress)) / 2.
///
/// Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, equation 5, without restarts.
public struct CosineSchedule: Sendable, Equatable {
  /// The rate at the start.
  public let base: Float
  /// The rate at the end.
  public let final: Float

  /// A schedule.
  public init(base: Float, final: Float = 0) { (self.base, self.final) = (base, final) }

  /// The rate after a share of the steps, 0 … 1.
  public func rate(progress: Double) -> Float {
    let share = (1 + cos(Double.pi * min(max(progress, 0), 1))) / 2
    return Float(Double(final) + (Double(base) - Double(final)) * share)
  }
}
