import NN
import Recipes
import TensorCore

/// The weights of VICReg's three terms. Defaults are UmURL's.
public struct SpreadSettings: Sendable, Equatable {
  /// Of the mean squared difference.
  public var invariance: Float = 5
  /// Of the variance that is missing.
  public var variance: Float = 5
  /// Of the squared covariances.
  public var covariance: Float = 1

  /// The published settings.
  public init() {}

  static let settings: [Setting<SpreadSettings>] = [
    .number("invariance", \.invariance, 0...1000, "weight of the mean squared difference"),
    .number("variance", \.variance, 0...1000, "weight of the variance that is missing"),
    .number("covariance", \.covariance, 0...1000, "weight of the squared covariances"),
  ]

  /// What keeps each of some projections, (N, D), from collapsing: terms `variance` and `covariance` with an ending.
  func terms(_ projections: [Tensor], suffix: String = "", share: Float = 1) -> [Term] {
    projections.flatMap { z in
      [
        Term("variance\(suffix)", varianceHinge(z), weight: share * variance),
        Term("covariance\(suffix)", covariancePenalty(z), weight: share * covariance),
      ]
    }
  }
}
