/// A classifier that knows the mean of each class and takes the nearest.
struct NearestCentroid {
  /// The classes, in rising order.
  let classes: [Int]
  /// Their means, (classes, D).
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

  /// The class whose mean is nearest to each sample by Euclid's distance, of equals the lowest; features (N, D).
  func predictions(of features: [Float]) -> [Int] {
    let width = centroids.first?.count ?? 1
    return stride(from: 0, to: features.count, by: width).map { row in
      var best = (distance: Float.infinity, label: 0)
      for (label, centroid) in zip(classes, centroids) {
        var distance: Float = 0
        for column in 0..<width {
          let difference = features[row + column] - centroid[column]
          distance += difference * difference
        }
        if distance < best.distance { best = (distance, label) }
      }
      return best.label
    }
  }
}
