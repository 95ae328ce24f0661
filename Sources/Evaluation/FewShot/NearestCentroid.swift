/// A classifier that knows the mean of each class and takes the nearest.
struct NearestCentroid {
  /// The classes, in rising order.
  let classes: [Int]
  /// Their means, each (D).
  private let centroids: [[Float]]

  /// The means of samples: features (N, D), labels (N).
  init(features: [Float], labels: [Int]) {
    let width = labels.isEmpty ? 0 : features.count / labels.count
    classes = Set(labels).sorted()
    centroids = classes.map { label in
      let rows = labels.indices.filter { labels[$0] == label }
      return (0..<width).map { column in
        Float(rows.reduce(0.0) { $0 + Double(features[$1 * width + column]) } / Double(rows.count))
      }
    }
  }

  /// How near samples are to each class: minus the square of Euclid's distance from its mean.
  ///
  /// - Parameter features: (N, D).
  /// - Returns: (N, classes).
  func scores(of features: [Float]) -> [Double] {
    let width = centroids.first?.count ?? 1
    var scores: [Double] = []
    scores.reserveCapacity(features.count / width * classes.count)
    for row in stride(from: 0, to: features.count, by: width) {
      for centroid in centroids {
        var distance: Float = 0
        for column in 0..<width {
          let difference = features[row + column] - centroid[column]
          distance += difference * difference
        }
        scores.append(-Double(distance))
      }
    }
    return scores
  }
}
