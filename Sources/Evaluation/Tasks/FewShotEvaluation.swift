import Batches
import Reporting
import Shards
import Skeleton
import TensorCore

/// Few-shot: how well classes that a classifier sees a few samples of are told apart by frozen features.
///
/// Every episode is a task of its own: classifiers learn from the features of its support and are measured on its
/// queries. Episodes are those of a few-shot split (`skelprep split --protocol fewshot`), whose training side has none
/// of their classes; of another split they are drawn from the test side, whose classes the encoder may have met,
/// though never their labels.
public struct FewShotEvaluation {
  private let recipe: FewShotRecipe

  /// An evaluation with given settings.
  public init(_ recipe: FewShotRecipe) { self.recipe = recipe }

  /// The accuracy of a classifier over all episodes.
  public struct Accuracy: Sendable, Equatable {
    /// `svm`, `logistic` or `centroid`.
    public let classifier: String
    /// The mean of the episodes' accuracies, in percent.
    public let mean: Double
    /// Half of its 95 % interval.
    public let halfInterval: Double
  }

  /// The episodes of a split, or those that are drawn where it has none.
  ///
  /// - Throws: an `InputError` if there are too few samples, or too few classes with enough of them.
  public func episodes(of split: Split, test: SampleSource) throws -> [FewShot.Episode] {
    if let fewShot = split.fewShot { return fewShot.episodes }
    let byClass = Dictionary(grouping: test.entries, by: \.label).mapValues { $0.map(\.name) }
    guard byClass[-1] == nil else {
      throw InputError(
        "the test samples", found: "samples without a class",
        hint: "episodes are of trimmed, labelled samples")
    }
    let classes = recipe.classes.labels ?? byClass.keys.sorted()
    let draw = EpisodeDraw(
      ways: recipe.ways, shots: recipe.shots, queries: recipe.queries, episodes: recipe.episodes,
      seed: UInt64(recipe.seed))
    return try draw.draw(from: byClass, classes: classes, setting: "episodes.ways").episodes
  }

  /// The accuracy of each classifier: first the support vector machine's, then the others'.
  ///
  /// - Parameter encoders: of one stream each; the scores of several are added up.
  public func callAsFunction(
    _ encoders: [FrozenEncoder], episodes: [FewShot.Episode], test: SampleSource, mode: ProgressMode
  ) throws -> [Accuracy] {
    let features = try encoders.map { encoder in
      let set = try encoder.features(of: test)
      return recipe.normalizes
        ? FeatureSet(names: set.names, labels: set.labels, values: set.values.normalizedRows()) : set
    }
    let line = ProgressLine(total: episodes.count, unit: "episodes", mode: mode, label: "fewshot")
    var values: [EpisodeClassifier: [Double]] = [:]
    for episode in episodes {
      for classifier in EpisodeClassifier.allCases {
        values[classifier, default: []].append(accuracy(of: classifier, in: episode, by: features))
      }
      line.advance()
    }
    line.finish()
    return EpisodeClassifier.allCases.map { classifier in
      let mean = EpisodeMean(values[classifier] ?? [])
      return Accuracy(classifier: classifier.rawValue, mean: mean.mean, halfInterval: mean.halfInterval)
    }
  }

  /// Percent of the episode's queries that are right.
  func accuracy(
    of classifier: EpisodeClassifier, in episode: FewShot.Episode, by features: [FeatureSet]
  ) -> Double {
    func labels(_ names: [[String]]) -> [Int] {
      zip(episode.classes, names).flatMap { Array(repeating: $0, count: $1.count) }
    }
    let (support, query) = (Array(episode.support.joined()), Array(episode.query.joined()))
    var sums: [Double] = []
    for set in features {
      let scores = classifier.scores(
        of: set.rows(named: query), from: set.rows(named: support), labels: labels(episode.support),
        cost: recipe.cost)
      sums = sums.isEmpty ? scores : zip(sums, scores).map(+)
    }
    let found = EpisodeClassifier.predictions(sums, classes: episode.classes.sorted())
    let right = zip(found, labels(episode.query)).count { $0 == $1 }
    return 100 * Double(right) / Double(query.count)
  }
}
