import NN
import Recipes
import Skeleton
import Training

/// How a classifier is fitted: its optimizer, and how the rate changes. Defaults are those of CMD's linear evaluation.
public struct Fitting: Sendable, Equatable {
  /// The optimizer and its numbers.
  public var optimizer = OptimizerSettings()
  /// The learning rate after the warm-up.
  public var rate: Float = 0.1
  /// How the rate falls.
  public var schedule = RateSchedule.step
  /// The rate at which the cosine ends.
  public var finalRate: Float = 0
  /// Epochs before which the rate falls, of steps.
  public var milestones = [50, 70]
  /// What the rate is multiplied by at a milestone.
  public var factor: Float = 0.1
  /// Epochs over which the rate rises.
  public var warmup = 0

  /// CMD's settings.
  public init() { optimizer.weightDecay = 0 }

  /// The rate of a step of an epoch, both from 0.
  func rate(epoch: Int, step: Int, steps: Int, epochs: Int) -> Float {
    RatePlan(
      schedule, base: rate, final: finalRate, milestones: milestones, factor: factor, warmup: warmup,
      epochs: epochs
    ).rate(epoch: epoch, step: step, steps: steps)
  }

  /// Checks what no single setting can.
  func checkConsistency(epochs: Int, in file: String) throws {
    if optimizer.nesterov && (optimizer.kind != .sgd || optimizer.momentum == 0) {
      throw InputError(
        file, at: "optimizer.nesterov", found: "true without momentum", expected: "sgd with momentum")
    }
    if warmup > epochs {
      throw InputError(
        file, at: "optimizer.warmup", found: "\(warmup) epochs", expected: "at most the \(epochs) of training"
      )
    }
    if schedule == .cosine && finalRate > rate {
      throw InputError(
        file, at: "optimizer.final_rate", found: "\(finalRate)",
        expected: "at most optimizer.rate, \(rate)")
    }
  }
}

/// A recipe with a fitting.
public protocol FittingRecipe: EvaluationTask {
  /// How classifiers are fitted.
  var fitting: Fitting { get set }
}

extension Setting where Root: FittingRecipe {
  /// The settings of a fitting.
  static var fitting: [Setting] {
    [
      .choice("optimizer.kind", \.fitting.optimizer.kind, "what moves the parameters"),
      .number("optimizer.rate", \.fitting.rate, 0...100, "learning rate at the start"),
      .number("optimizer.momentum", \.fitting.optimizer.momentum, 0...0.9999, "momentum of SGD"),
      .flag("optimizer.nesterov", \.fitting.optimizer.nesterov, "whether SGD looks ahead"),
      .number(
        "optimizer.beta1", \.fitting.optimizer.beta1, 0...0.9999,
        "how much of the mean gradient stays in Adam"),
      .number(
        "optimizer.beta2", \.fitting.optimizer.beta2, 0...0.999999,
        "how much of the mean squared gradient stays in Adam"),
      .number("optimizer.weight_decay", \.fitting.optimizer.weightDecay, 0...1, "weight decay"),
      .flag(
        "optimizer.decay_vectors", \.fitting.optimizer.decaysVectors,
        "whether biases and other vectors, those of norms among them, decay too"),
      .choice(
        "optimizer.schedule", \.fitting.schedule,
        "how the rate falls: step at the milestones, cosine to final_rate"),
      .number("optimizer.final_rate", \.fitting.finalRate, 0...100, "learning rate at which the cosine ends"),
      .integers(
        "optimizer.milestones", \.fitting.milestones, 1...100_000, "epochs at which the rate falls"),
      .number("optimizer.factor", \.fitting.factor, 0...1, "what the rate is multiplied by at a milestone"),
      .integer(
        "optimizer.warmup", \.fitting.warmup, 0...100_000,
        "epochs over which the rate rises to its first value"),
    ]
  }
}

/// Which state of a classifier is reported.
public enum Reported: String, CaseIterable, Sendable {
  /// That after the last epoch, which no test label has a say in.
  case last
  /// That of the epoch with the highest accuracy on the test samples, as much of the literature reports. The result
  /// says so.
  case best_on_test
}
