import Foundation
import Reporting

/// How fast the first steps of a run were, and so how long all of them will take.
struct Pace {
  private var seconds: [Double] = []
  private var waits: [Double] = []

  /// Counts a step, and says once, when enough of them were seen, that it is time for an estimate.
  ///
  /// - Parameters:
  ///   - seconds: how long it took.
  ///   - wait: how much of that was waiting for data.
  mutating func add(seconds: Double, wait: Double) -> Bool {
    guard !isEnough else { return false }
    self.seconds.append(seconds)
    waits.append(wait)
    return isEnough
  }

  /// Whether no step was seen yet.
  var isFresh: Bool { seconds.isEmpty }

  /// Behind the first step of a run of more than a minute, what it makes of the whole: `first step: 12.3 s; at that, 451 epochs
  /// take 20 d 4 h`. Nil at any other time.
  func guess(_ recipe: PretrainRecipe, _ progress: Checkpoint.Progress) -> String? {
    guard seconds.count == 1, let first = seconds.first else { return nil }
    let total = Double(recipe.totalEpochs * progress.stepsPerEpoch) * first
    guard total > 60 else { return nil }
    return "first step: \(Self.short(first)) s; at that, \(recipe.totalEpochs) epochs take "
      + "\(ProgressLine.duration(total)) (a better estimate follows)"
  }

  /// Ten steps, or where they are slow, a minute's worth of at least three.
  private var isEnough: Bool { seconds.count >= 10 || (seconds.count >= 3 && seconds.reduce(0, +) >= 60) }

  /// Seconds of a step: the median of those seen but for the first two, which also fetch memory and read shards.
  var secondsPerStep: Double { seconds.dropFirst(2).sorted()[(seconds.count - 2) / 2] }

  /// `451 epochs, about 3 d 4 h on this machine (2.31 s a step, 0.2 % of it waiting for data); 3 d 4 h left`.
  func estimate(_ recipe: PretrainRecipe, _ progress: Checkpoint.Progress) -> String {
    let total = recipe.totalEpochs * progress.stepsPerEpoch
    let later = recipe.stages.map { "\($0.epochs)" }
    let share = waits.dropFirst(2).reduce(0, +) / max(seconds.dropFirst(2).reduce(0, +), 1e-9)
    var text =
      ([recipe.epochs > 0 ? "\(recipe.epochs)" : nil].compactMap(\.self) + later)
      .joined(separator: " and ") + " epochs"
    text += ", about \(ProgressLine.duration(Double(total) * secondsPerStep)) on this machine"
    text += " (\(Self.short(secondsPerStep)) s a step, \(Self.short(share * 100)) % of it waiting for data)"
    let left = Double(total - progress.steps) * secondsPerStep
    return text + "; \(ProgressLine.duration(left)) left"
  }

  /// Three significant digits.
  private static func short(_ value: Double) -> String {
    String(format: value < 0.1 ? "%.4f" : value < 10 ? "%.2f" : "%.1f", value)
  }
}
