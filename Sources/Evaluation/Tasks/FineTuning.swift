import Recipes
import Reporting

/// Fine-tuning: the encoder is trained further together with a linear layer, by all labels.
///
/// The PCM3 family gives no constants for it; the defaults are those of its semi-supervised script with all samples.
public struct FineTuneRecipe: TuningRecipe {
  /// The settings of training.
  public var tuning = TuningSettings()

  /// CMD's settings.
  public init() {}

  /// The recipe's kind.
  public static let kind = "finetune"
  /// What the recipe is for.
  public static let summary = "Fine-tuning: the encoder and a linear layer are trained with all labels."
  /// All settings with their ranges.
  public static let settings: [Setting<FineTuneRecipe>] = Setting.tuning

  /// Trains on the training samples and measures the test samples and the variants.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    try tuned(subject, mode: mode)
  }
}

/// Transfer: fine-tuning on a data set that the encoder was not pre-trained on, such as PKU-MMD II.
///
/// CMD tunes with its semi-supervised script and all samples.
public struct TransferRecipe: TuningRecipe {
  /// The settings of training.
  public var tuning = TuningSettings()

  /// CMD's settings.
  public init() {}

  /// The recipe's kind.
  public static let kind = "transfer"
  /// What the recipe is for.
  public static let summary =
    "Transfer: an encoder that was pre-trained on another data set and a linear layer are trained on this one."
  /// All settings with their ranges.
  public static let settings: [Setting<TransferRecipe>] = Setting.tuning

  /// Trains on the training samples and measures the test samples and the variants.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    try tuned(subject, mode: mode)
  }
}

extension TuningRecipe {
  /// Trains and measures as often as is to be repeated. What is kept, and the confusion, are of the first time.
  fileprivate func tuned(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    var metrics: [[ClassificationMetrics]] = subject.measured.map { _ in [] }
    var head: TrainedHead?
    for repetition in 0..<tuning.repeats {
      let ensemble = try TunedEnsemble(tuning, of: subject, repetition: repetition, mode: mode)
      for (index, side) in subject.measured.enumerated() {
        metrics[index].append(try ensemble.metrics(of: side.source))
      }
      if head == nil { head = try ensemble.trained(self, on: subject.train) }
    }
    var result = EvaluationResult(
      self, of: subject,
      measures: zip(subject.measured, metrics).flatMap {
        [EvaluationResult.Measure](repeated: $1, condition: $0.name)
      })
    result.classification = EvaluationResult.Classification(metrics[0][0])
    result.selected_on_test = tuning.report == .best_on_test ? true : nil
    result.head = head
    return result
  }
}
