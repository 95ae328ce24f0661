import Recipes
import Reporting

/// Linear evaluation: how well one linear layer tells the classes apart by frozen features.
///
/// Source: `linear_eval` of CMD's released code, whose constants are the defaults. Recipes for the constants of other
/// families are in `pipelines/evaluate/`. With `report: last` test labels are read only to count.
public struct LinearRecipe: HeadRecipe {
  /// The layer's settings.
  public var head = HeadSettings()

  /// CMD's settings.
  public init() {}

  /// The recipe's kind.
  public static let kind = "linear"
  /// What the recipe is for.
  public static let summary = "Linear evaluation: one linear layer on the features of a frozen encoder."
  /// All settings with their ranges.
  public static let settings: [Setting<LinearRecipe>] = Setting.head

  /// Checks what no single setting can.
  public func checkConsistency(in file: String) throws { try head.checkConsistency(in: file) }

  /// Trains a layer on the training samples and measures it on the test samples and the variants.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    let ensemble = try HeadEnsemble(head, of: subject, mode: mode)
    let metrics = try subject.measured.map { ($0.name, try ensemble.metrics(of: $0.source)) }
    var result = EvaluationResult(
      self, of: subject, measures: metrics.flatMap { [EvaluationResult.Measure]($0.1, condition: $0.0) })
    result.classification = EvaluationResult.Classification(metrics[0].1)
    result.selected_on_test = head.report == .best_on_test ? true : nil
    result.head = try ensemble.trained(self, on: subject.train)
    return result
  }
}
