import Batches
import Encoders
import Recipes
import Reporting
import Skeleton
import TensorCore

/// Retrieval: the samples of one side that are nearest to each sample of another, without any training.
///
/// The published protocol is the class of the nearest training sample by cosine, both cropped at the centre.
public struct RetrievalRecipe: EvaluationTask {
  /// Which branch of the checkpoint is evaluated.
  public var branch = FrozenEncoder.Branch.query
  /// How many neighbours are looked at; several numbers give several measures.
  public var neighbours = [1]
  /// How far apart features are.
  public var metric = NearestNeighbours.Metric.cosine
  /// The crop's length, around the middle, as a share of the sample.
  public var testCrop: Float = 0.95
  /// How much each encoder of an ensemble counts; empty for 1 each.
  public var weights: [Float] = []

  /// The published settings.
  public init() {}

  /// The recipe's kind.
  public static let kind = "retrieval"
  /// What the recipe is for.
  public static let summary = "Retrieval: each test sample takes the class of the nearest training samples."
  /// All settings with their ranges.
  public static let settings: [Setting<RetrievalRecipe>] = [
    .choice("branch", \.branch, "which encoder of the checkpoint: the trained one or its moving average"),
    .integers("neighbours", \.neighbours, 1...10_000, "how many neighbours vote and are counted, k"),
    .choice("metric", \.metric, "how far apart features are: by the angle or by the straight line"),
    .number(
      "test_crop", \.testCrop, 0.01...1, "length of the crop, around the middle, as a share of the sample"),
    .numbers(
      "weights", \.weights, 0...1000,
      "how much the similarities of each checkpoint of an ensemble count; empty for 1 each"),
  ]

  /// Checks what no single setting can.
  public func checkConsistency(in file: String) throws {
    if neighbours.isEmpty {
      throw InputError(file, at: "neighbours", found: "none", expected: "at least one number")
    }
  }

  /// Searches the training samples for each test sample.
  ///
  /// Measures: `top1`, `top5` and `mean_class` by the nearest sample of each class; for every k above 1 `knn@k`, the
  /// accuracy of the vote of k neighbours; for every k `precision@k`, the mean share of the k nearest that have the
  /// sample's class. A sample that is on both sides is no neighbour of its own.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    let classCount = try subject.checkedClasses()
    let train = try features(of: subject.train, subject)
    let own = subject.measured.map { side in side.source.digest == subject.train.digest }
    for (side, own) in zip(subject.measured, own) {
      let excluded = own && side.source.entries.contains { train.row(named: $0.name) != nil } ? 1 : 0
      guard let most = neighbours.last, most <= train.names.count - excluded else {
        throw InputError(
          "neighbours", found: "\(neighbours.last ?? 0)",
          expected: "at most \(train.names.count - excluded), as many as there are to be found")
      }
    }
    var measures: [EvaluationResult.Measure] = []
    var classification: EvaluationResult.Classification?
    for (side, own) in zip(subject.measured, own) {
      let test = try features(of: side.source, subject)
      let (metrics, more) = self.metrics(
        train: train, test: test, classCount: classCount, sameData: own, condition: side.name)
      measures += [EvaluationResult.Measure](metrics, condition: side.name) + more
      if classification == nil { classification = EvaluationResult.Classification(metrics) }
    }
    var result = EvaluationResult(self, of: subject, measures: measures)
    result.classification = classification
    return result
  }

  /// The metrics of features that are already there, and the measures that depend on k.
  ///
  /// - Parameter sameData: whether a name stands for the same sample on both sides.
  func metrics(
    train: FeatureSet, test: FeatureSet, classCount: Int, sameData: Bool = false, condition: String? = nil
  ) -> (metrics: ClassificationMetrics, more: [EvaluationResult.Measure]) {
    let found = NearestNeighbours(
      of: test.values, in: train.values, labels: train.labels, classCount: classCount,
      count: neighbours.max() ?? 1, metric: metric,
      same: test.names.map { sameData ? Int32(train.row(named: $0) ?? -1) : -1 })
    let metrics = ClassificationMetrics(scores: found.classes, labels: test.labels, classCount: classCount)
    let total = Double(test.labels.count)
    var more: [EvaluationResult.Measure] = []
    for k in neighbours {
      if k > 1 {
        let right = test.labels.enumerated().count {
          found.vote(query: $0.offset, k: k, labels: train.labels) == $0.element
        }
        more.append(.init("knn@\(k)", 100 * Double(right) / total, condition: condition))
      }
      let precision = test.labels.enumerated().reduce(0.0) {
        $0 + found.precision(query: $1.offset, k: k, of: $1.element, labels: train.labels)
      }
      more.append(.init("precision@\(k)", 100 * precision / total, condition: condition))
    }
    return (metrics, more)
  }

  /// The features of all encoders side by side, (N, D₁ + D₂ + …), each multiplied by the root of its weight, so that
  /// products are the weighted sums of the encoders' products.
  private func features(of source: SampleSource, _ subject: EvaluationSubject) throws -> FeatureSet {
    let weights = try subject.checkedWeights(weights)
    let sets = try zip(subject.encoders, weights).map { encoder, weight in
      let set = try encoder.features(of: source, crop: .middle(testCrop))
      let prepared = metric == .cosine ? set.values.normalizedRows() : set.values
      return FeatureSet(
        names: set.names, labels: set.labels, values: prepared * weight.squareRoot())
    }
    guard sets.count > 1 else { return sets[0] }
    let width = sets.reduce(0) { $0 + $1.featureCount }
    var values: [Float] = []  // (N, D₁ + D₂ + …)
    values.reserveCapacity(sets[0].names.count * width)
    let parts = sets.map(\.values.values)
    for row in sets[0].names.indices {
      for (set, part) in zip(sets, parts) {
        values += part[(row * set.featureCount)..<((row + 1) * set.featureCount)]
      }
    }
    return FeatureSet(
      names: sets[0].names, labels: sets[0].labels,
      values: Tensor(values, shape: [sets[0].names.count, width]))
  }
}
