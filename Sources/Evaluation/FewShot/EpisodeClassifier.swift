import Liblinear

/// What learns from the support of an episode.
enum EpisodeClassifier: String, CaseIterable, Sendable {
  /// A linear support vector machine of each class against the rest, with the squared hinge loss.
  case svm
  /// Logistic regression of each class against the rest.
  case logistic
  /// The nearest mean.
  case centroid

  /// Learns from samples, and scores others.
  ///
  /// - Parameters:
  ///   - queries: (Q, D).
  ///   - support: (N, D).
  ///   - labels: (N).
  ///   - cost: what errors cost the first two.
  /// - Returns: (Q, classes), classes in rising order.
  func scores(of queries: [Float], from support: [Float], labels: [Int], cost: Float) -> [Double] {
    func linear(_ loss: LinearClassifier.Loss) -> [Double] {
      LinearClassifier(features: support, labels: labels, loss: loss, cost: Double(cost)).scores(of: queries)
    }
    return switch self {
    case .svm: linear(.squaredHinge)
    case .logistic: linear(.logistic)
    case .centroid: NearestCentroid(features: support, labels: labels).scores(of: queries)
    }
  }

  /// The class with the highest score of each row, of equals the lowest.
  ///
  /// - Parameters:
  ///   - scores: (Q, classes).
  ///   - classes: in rising order.
  static func predictions(_ scores: [Double], classes: [Int]) -> [Int] {
    stride(from: 0, to: scores.count, by: classes.count).map { row in
      var best = 0
      for place in classes.indices where scores[row + place] > scores[row + best] { best = place }
      return classes[best]
    }
  }
}
