import Batches
import Models
import Recipes
import Reporting
import Skeleton
import TensorCore

/// The settings of retrieval.
public struct RetrievalRecipe: EvaluationTask {
  /// Which branch of the checkpoint is evaluated.
  public var branch = FrozenEncoder.Branch.query

  /// The published settings.
  public init() {}

  /// The recipe's kind.
  public static let kind = "retrieval"
  /// What the recipe is for.
  public static let summary = "Retrieval: each test sample takes the class of the nearest training sample."
  /// All settings with their ranges.
  public static let settings: [Setting<RetrievalRecipe>] = [
    .choice("branch", \.branch, "which encoder of the checkpoint: the trained one or its moving average")
  ]

  /// Every combination is sensible.
  public func checkConsistency(in file: String) throws {}

  /// Searches the training samples for each test sample.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    let metrics = try Retrieval()(
      subject.onlyEncoder(of: Self.kind), train: subject.train, test: subject.test)
    var result = EvaluationResult(self, of: subject, measures: .init(metrics))
    result.classification = EvaluationResult.Classification(metrics)
    return result
  }
}

/// Retrieval: the nearest training sample by cosine (1-NN), all samples cropped at the centre.
public struct Retrieval {
  /// An evaluation; the nearest neighbour has no settings.
  public init() {}

  /// How often the nearest training sample has the test sample's class.
  ///
  /// A class's score is the cosine of its nearest training sample, so the five highest scores are the five classes
  /// that are met first when neighbours are taken one after another.
  public func callAsFunction(
    _ encoder: FrozenEncoder, train: SampleSource, test: SampleSource
  ) throws -> ClassificationMetrics {
    _ = try checkedClassCount(train: train.labels, test: test.labels)
    return Retrieval.metrics(train: try encoder.features(of: train), test: try encoder.features(of: test))
  }

  /// The metrics of features that are already there.
  static func metrics(train: FeatureSet, test: FeatureSet) -> ClassificationMetrics {
    let classCount = max(train.classCount, test.classCount)
    let scores = nearestClassScores(
      test.values, gallery: train.values, labels: train.labels, classCount: classCount)
    return ClassificationMetrics(scores: scores, labels: test.labels, classCount: classCount)
  }
}
