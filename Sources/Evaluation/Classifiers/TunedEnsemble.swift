import Batches
import NN
import Recipes
import Reporting
import Skeleton
import TensorCore

/// One or several encoders that are trained further, each with a layer of its own, whose logits are added up.
struct TunedEnsemble {
  let members: [TunedClassifier]
  private let classCount: Int
  private let settings: TuningSettings

  /// Trains all encoders of a subject.
  ///
  /// - Parameters:
  ///   - names: the training samples that are learned from; nil for all.
  ///   - repetition: from 0; it is added to the seed.
  init(
    _ settings: TuningSettings, of subject: EvaluationSubject, names: Set<String>? = nil, repetition: Int,
    mode: ProgressMode
  ) throws {
    try subject.checkLearnsFromOthers()
    let classCount = try subject.checkedClasses()
    let weights = try subject.checkedWeights(settings.weights)
    self.classCount = classCount
    self.settings = settings
    members = try zip(subject.encoders, weights).map { encoder, weight in
      let classifier = TunedClassifier(
        settings, from: encoder, classCount: classCount, seed: UInt64(settings.seed + repetition))
      try classifier.train(
        on: subject.train, names: names, watching: settings.report == .best_on_test ? subject.test : nil,
        mode: mode)
      classifier.layer.weight.value = classifier.layer.weight.value * weight
      classifier.layer.bias.value = classifier.layer.bias.value * weight
      return classifier
    }
  }

  /// How well the samples' classes are told apart.
  func metrics(of source: SampleSource) throws -> ClassificationMetrics {
    let logits = try members.map { try $0.logits(of: source) }
    return ClassificationMetrics(
      scores: logits.dropFirst().reduce(logits[0], +).values, labels: source.labels, classCount: classCount)
  }

  /// What was learned, to be kept.
  func trained(_ recipe: some EvaluationTask, on source: SampleSource) throws -> TrainedHead {
    try TrainedHead(
      recipe, on: source.manifest, crop: settings.testCrop, layers: members.map(\.trained))
  }
}

extension [EvaluationResult.Measure] {
  /// The means of repeated classifications, with their deviations where there are several.
  init(repeated metrics: [ClassificationMetrics], condition: String? = nil) {
    let all = metrics.map { Self($0, condition: condition) }
    self = all[0].indices.map { index in
      let values = all.map { $0[index].value }
      let mean = values.reduce(0, +) / Double(values.count)
      guard values.count > 1 else { return all[0][index] }
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return EvaluationResult.Measure(
        all[0][index].name, mean, condition: condition,
        spread: EvaluationResult.Spread(
          .deviation, (squares / Double(values.count - 1)).squareRoot(), count: values.count))
    }
  }
}
