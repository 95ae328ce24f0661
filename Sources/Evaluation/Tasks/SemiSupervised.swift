import Batches
import Recipes
import Reporting
import Shards
import Skeleton

/// Semi-supervised learning: the encoder and a linear layer are trained with few labels.
///
/// Subsets are those of `skelprep split --fraction --seed`: the repetition of the recipe's seed s learns from the very
/// samples that `--seed s` lists. Source: CMD's semi-supervised script, which draws at random and averages five draws.
public struct SemiSupervisedRecipe: TuningRecipe {
  /// What happens where a drawn subset has no sample of a class that is tested.
  public enum Missing: String, CaseIterable, Sendable {
    /// The evaluation is refused.
    case refuse
    /// It goes on, and every test sample of the class counts as wrong unless it is met by chance.
    case keep
  }

  /// The settings of training.
  public var tuning = TuningSettings()
  /// The shares of the training samples whose labels are used, in percent.
  public var percents: [Float] = [1, 5, 10, 20]
  /// Whether the same number is drawn of every class.
  public var balanced = false
  /// What happens where a class is missing.
  public var missing = Missing.refuse

  /// CMD's settings.
  public init() { tuning.repeats = 5 }

  /// The recipe's kind.
  public static let kind = "semisupervised"
  /// What the recipe is for.
  public static let summary =
    "Semi-supervised learning: the encoder and a linear layer are trained with few labels."
  /// All settings with their ranges.
  public static let settings: [Setting<SemiSupervisedRecipe>] =
    [
      .numbers(
        "percents", \.percents, 0.001...100,
        "shares of the training samples that are learned from, in percent"),
      .flag("balanced", \.balanced, "whether the same number is drawn of every class"),
      .choice(
        "missing", \.missing, "a drawn subset without a class that is tested: refuse it, or keep it as it is"),
    ] + Setting.tuning

  /// Checks what no single setting can.
  public func checkConsistency(in file: String) throws {
    try tuning.fitting.checkConsistency(epochs: tuning.epochs, in: file)
    guard !percents.isEmpty, Set(percents).count == percents.count else {
      throw InputError(file, at: "percents", found: "\(percents)", expected: "at least one, none twice")
    }
  }

  /// Trains with every share, as often as is to be repeated. What is kept, and the confusion, are of the first time
  /// with the first share.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    var measures: [EvaluationResult.Measure] = []
    var first: (metrics: ClassificationMetrics, head: TrainedHead)?
    // All subsets are looked at before the first is learned from.
    let subsets = try percents.map { percent in
      try (0..<tuning.repeats).map { try subset(of: subject, percent: percent, repetition: $0) }
    }
    for (percent, subsets) in zip(percents, subsets) {
      var metrics: [ClassificationMetrics] = []
      for (repetition, names) in subsets.enumerated() {
        let ensemble = try TunedEnsemble(
          tuning, of: subject, names: names, repetition: repetition, mode: mode)
        metrics.append(try ensemble.metrics(of: subject.test))
        if first == nil { first = (metrics[0], try ensemble.trained(self, on: subject.train)) }
      }
      measures += [EvaluationResult.Measure](repeated: metrics, condition: Self.name(percent))
    }
    var result = EvaluationResult(self, of: subject, measures: measures)
    result.classification = (first?.metrics).map(EvaluationResult.Classification.init)
    result.selected_on_test = tuning.report == .best_on_test ? true : nil
    result.head = first?.head
    return result
  }

  /// A share as conditions name it: `1 %`.
  static func name(_ percent: Float) -> String {
    (percent == percent.rounded() ? "\(Int(percent))" : "\(percent)") + " %"
  }

  /// The names that a repetition learns from.
  ///
  /// - Throws: an `InputError` if a class that is tested has none of them, and that is to be refused.
  func subset(of subject: EvaluationSubject, percent: Float, repetition: Int) throws -> Set<String> {
    let seed = tuning.seed + repetition
    let entries = subject.train.entries
    let labels = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.label) })
    let names = try TrainingSubset(
      // The decimal that was written, so that 10 % is 0.1 to the last bit.
      fraction: (Double("\(percent)") ?? Double(percent)) / 100, seed: UInt64(seed), balanced: balanced
    ).draw(from: entries.map(\.name), labels: labels)
    let drawn = Set(names.compactMap { labels[$0] })
    let empty = Set(subject.test.labels).subtracting(drawn).sorted()
    guard missing == .keep || empty.isEmpty else {
      throw InputError(
        "percents",
        found: "\(Self.name(percent)) with seed \(seed) has no sample of "
          + empty.map { EvaluationResult.className($0) }.joined(separator: ", "),
        expected: "a sample of every class that is tested",
        hint: "set balanced=true, or take more; missing=keep goes on all the same, as CMD's code does")
    }
    return names
  }
}
