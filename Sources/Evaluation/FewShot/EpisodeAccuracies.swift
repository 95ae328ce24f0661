import Liblinear
import Shards
import TensorCore

/// How well few-shot classifiers do, episode by episode.
struct EpisodeAccuracies: Sendable, Equatable {
  /// What learns from the support of an episode.
  enum Classifier: String, CaseIterable, Sendable {
    /// A linear support vector machine of each class against the rest, with the squared hinge loss.
    case svm
    /// Logistic regression of each class against the rest.
    case logistic
    /// The nearest mean.
    case centroid

    /// Learns from features (N, D) with labels (N), and says the classes of others.
    func predictions(of queries: [Float], from support: [Float], labels: [Int], cost: Float) -> [Int] {
      func linear(_ loss: LinearClassifier.Loss) -> [Int] {
        LinearClassifier(features: support, labels: labels, loss: loss, cost: Double(cost)).predictions(
          of: queries)
      }
      return switch self {
      case .svm: linear(.squaredHinge)
      case .logistic: linear(.logistic)
      case .centroid: NearestCentroid(features: support, labels: labels).predictions(of: queries)
      }
    }
  }

  /// Percent of the queries that are right, (episodes) for each classifier.
  private(set) var values: [Classifier: [Double]]

  /// The accuracies of features, which have all names of the episodes.
  init(of features: FeatureSet, episodes: [FewShot.Episode], cost: Float) {
    let rows = Dictionary(uniqueKeysWithValues: features.names.enumerated().map { ($0.element, $0.offset) })
    values = Dictionary(uniqueKeysWithValues: Classifier.allCases.map { ($0, []) })
    for episode in episodes {
      /// The features of names of each class, and their classes.
      func gathered(_ names: [[String]]) -> (features: [Float], labels: [Int]) {
        let indices = names.joined().map { name in
          guard let row = rows[name] else { preconditionFailure("no feature of \(name)") }
          return row
        }
        return (
          features.values.rows(indices).values,
          zip(episode.classes, names).flatMap { Array(repeating: $0, count: $1.count) }
        )
      }
      let (support, query) = (gathered(episode.support), gathered(episode.query))
      for classifier in Classifier.allCases {
        let found = classifier.predictions(
          of: query.features, from: support.features, labels: support.labels, cost: cost)
        let right = zip(found, query.labels).count { $0 == $1 }
        values[classifier, default: []].append(100 * Double(right) / Double(query.labels.count))
      }
    }
  }
}
