/// A classifier that knows the mean of each class and takes the nearest.
struct NearestCentroid {
  /// The classes, in rising order.
  let classes: [Int]
  /// Their means, (classes, D).
  private let centroids: [Float]
  private let width: Int

  /// The means of samples: features (N, D), labels (N).
  init(features: [Float], labels: [Int]) {
    width = labels.isEmpty ? 0 : features.count / labels.count
    classes = Set(labels).sorted()
    var sums = [Double](repeating: 0, count: classes.count * width)
    for (row, label) in labels.enumerated() {
      let place = (classes.firstIndex(of: label) ?? 0) * width
      for column in 0..<width { sums[place + column] += Double(features[row * width + column]) }
    }
    let counts = classes.map { label in Double(labels.count { $0 == label }) }
    centroids = sums.enumerated().map { Float($0.element / counts[$0.offset / width]) }
  }

  /// The class whose mean is nearest to each sample by Euclid's distance, of equals the lowest; features (N, D).
  func predictions(of features: [Float]) -> [Int] {
    stride(from: 0, to: features.count, by: width).map { row in
      var best = (distance: Float.infinity, label: 0)
      for (place, label) in classes.enumerated() {
        var distance: Float = 0
        for column in 0..<width {
          let difference = features[row + column] - centroids[place * width + column]
          distance += difference * difference
        }
        if distance < best.distance { best = (distance, label) }
      }
      return best.label
    }
  }
}
