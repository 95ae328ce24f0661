import NN
import Recipes
import Skeleton

/// How a learning rate changes over a stage. Defaults are PCM3++'s.
public struct RateSettings: Sendable, Equatable {
  /// The learning rate at the start.
  public var rate: Float = 0.02
  /// How it falls.
  public var schedule = RateSchedule.step
  /// The learning rate at which the cosine ends.
  public var final: Float = 0
  /// Epochs of the stage before which it is multiplied by `factor`.
  public var milestones = [351]
  /// What it is multiplied by.
  public var factor: Float = 0.1
  /// Epochs over which it rises to its first value.
  public var warmup = 0

  /// The published schedule.
  public init() {}

  static let settings: [Setting<RateSettings>] = [
    .number("rate", \.rate, 0...10, "learning rate at the start"),
    .choice(
      "schedule", \.schedule,
      "how the rate falls: step at the milestones, cosine to final_rate, constant not at all"),
    .number("final_rate", \.final, 0...10, "learning rate at which the cosine ends"),
    .integers("milestones", \.milestones, 1...100_000, "epochs at which the rate falls"),
    .number("factor", \.factor, 0...1, "what the rate is multiplied by at a milestone"),
    .integer("warmup", \.warmup, 0...100_000, "epochs over which the rate rises to its first value"),
  ]

  /// The rates of a number of epochs.
  func plan(epochs: Int) -> RatePlan {
    RatePlan(
      schedule, base: rate, final: final, milestones: milestones, factor: factor, warmup: warmup,
      epochs: epochs)
  }

  /// Refuses settings that do not fit together.
  func check(epochs: Int, in file: String) throws {
    guard schedule != .cosine || final <= rate else {
      throw InputError(
        file, at: "optimizer.final_rate", found: "\(final)", expected: "at most optimizer.rate, \(rate)")
    }
    guard warmup <= epochs else {
      throw InputError(
        file, at: "optimizer.warmup", found: "\(warmup)", expected: "at most epochs, \(epochs)",
        hint: "a stage that sets optimizer has a rate of its own")
    }
  }
}

extension OptimizerSettings {
  /// The settings of a recipe.
  static let settings: [Setting<OptimizerSettings>] = [
    .choice("kind", \.kind, "what moves the parameters"),
    .number("momentum", \.momentum, 0...0.9999, "momentum of SGD"),
    .flag("nesterov", \.nesterov, "whether SGD looks ahead along its momentum"),
    .number("beta1", \.beta1, 0...0.9999, "how much of the mean gradient stays in Adam"),
    .number("beta2", \.beta2, 0...0.999999, "how much of the mean squared gradient stays in Adam"),
    .number("epsilon", \.epsilon, 1e-12...1, "what Adam adds to the root of the mean squared gradient"),
    .number("weight_decay", \.weightDecay, 0...1, "weight decay"),
    .flag("decay_vectors", \.decaysVectors, "whether biases and other vectors decay too"),
  ]
}
