import Reporting

extension FewShotRecipe: EvaluationTask {
  /// Measures the episodes of the split, or those that are drawn from the test samples: `svm`, `logistic`, `centroid`.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    let evaluation = FewShotEvaluation(self)
    let episodes = try evaluation.episodes(of: subject.lists, test: subject.test)
    let accuracies = try evaluation(subject.encoders, episodes: episodes, test: subject.test, mode: mode)
    return EvaluationResult(
      self, of: subject,
      measures: accuracies.map {
        EvaluationResult.Measure(
          $0.classifier, $0.mean,
          spread: EvaluationResult.Spread(.interval95, $0.halfInterval, count: episodes.count))
      })
  }
}
