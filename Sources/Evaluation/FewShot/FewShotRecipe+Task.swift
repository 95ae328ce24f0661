import Reporting

extension FewShotRecipe: EvaluationTask {
  /// Measures the episodes of the split, or those that are drawn from the test samples: `svm`, `logistic`, `centroid`;
  /// and under the name of each variant the same episodes with the samples as it has them.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    let evaluation = FewShotEvaluation(self)
    let episodes = try evaluation.episodes(of: subject.lists, test: subject.test)
    var measures: [EvaluationResult.Measure] = []
    for (name, source) in subject.measured {
      let accuracies = try evaluation(subject.encoders, episodes: episodes, test: source, mode: mode)
      measures += accuracies.map {
        EvaluationResult.Measure(
          $0.classifier, $0.mean, condition: name,
          spread: EvaluationResult.Spread(.interval95, $0.halfInterval, count: episodes.count))
      }
    }
    return EvaluationResult(self, of: subject, measures: measures)
  }
}
