import Foundation
import Recipes
import TensorCore

/// Whether an encoder is to know the answer of a task, or is to forget it. Defaults are our own: the paper that the
/// reversal is of in this field has a constant strength of 0.001, and code that applies it twice.
public struct ReversalSettings: Sendable, Equatable {
  /// Whether the gradient is reversed on its way into the encoder.
  public var isOn: Bool
  /// What it is multiplied by there, λ₀.
  public var strength: Float = 0.1
  /// Whether λ rises from 0: λ₀ (2 / (1 + e^(-10 p)) - 1) with p the share of the stage that is done.
  public var isRamped = true

  /// A reversal of strength 0.1, or none.
  public init(isOn: Bool) { self.isOn = isOn }

  static let settings: [Setting<ReversalSettings>] = [
    .flag("reverse", \.isOn, "whether the encoder learns not to know the answer, by a reversed gradient"),
    .number("strength", \.strength, 0...10, "what a reversed gradient is multiplied by in the encoder"),
    .flag("ramp", \.isRamped, "whether the strength of a reversed gradient rises from 0 over the stage"),
  ]

  /// λ at a share of the stage.
  ///
  /// Source: Ganin and Lempitsky, "Unsupervised domain adaptation by backpropagation", 2015, section 4.1.
  public func strength(at progress: Double) -> Float {
    isRamped ? strength * Float(2 / (1 + exp(-10 * progress)) - 1) : strength
  }

  /// Features as the head of a task reads them.
  func callAsFunction(_ features: Tensor, _ step: Step) -> Tensor {
    isOn ? features.reversed(strength(at: step.progress)) : features
  }
}
