import Foundation
import Liblinear
import Skeleton
import Testing

/// liblinear through our one door, against the optimum that it should find and against scikit-learn.
@Suite struct LinearClassifierTests {
  /// Three noisy clouds in `width` dimensions.
  private func clouds(_ count: Int, width: Int, classes: [Int], seed: UInt64) -> ([Float], [Int]) {
    var random = KeyedRandom(seed: seed, view: "clouds")
    let labels = (0..<count).map { classes[$0 % classes.count] }
    let features = labels.flatMap { label in
      (0..<width).map { column in random.normal() + (column % classes.count == label % classes.count ? 1 : 0)
      }
    }
    return (features, labels)
  }

  /// At the minimum the gradient of ½|w|² + C Σ loss is 0, and it is convex: no more needs to be compared.
  @Test(arguments: LinearClassifier.Loss.allCases, [[3, 7], [9, 0, 4]])
  func theGradientVanishes(loss: LinearClassifier.Loss, classes: [Int]) {
    let (width, cost) = (5, 0.7)
    let (features, labels) = clouds(40, width: width, classes: classes, seed: 3)
    let classifier = LinearClassifier(
      features: features, labels: labels, loss: loss, cost: cost, tolerance: 1e-10)
    #expect(classifier.classes == classes.sorted())
    let scores = classifier.scores(of: features)
    for (place, label) in classifier.classes.enumerated() {
      var gradient =
        Array(classifier.weights[(place * width)..<((place + 1) * width)]) + [classifier.biases[place]]
      for row in labels.indices {
        let sign = labels[row] == label ? 1.0 : -1.0
        let margin = sign * scores[row * classes.count + place]
        let slope =
          switch loss {
          case .squaredHinge: -2 * max(0, 1 - margin) * sign
          case .logistic: -sign / (1 + exp(margin))
          }
        for column in 0..<width { gradient[column] += cost * slope * Double(features[row * width + column]) }
        gradient[width] += cost * slope
      }
      #expect(gradient.allSatisfy { abs($0) < 1e-5 }, "\(label): \(gradient)")
    }
  }

  @Test func theSameInputGivesTheSameWeights() {
    let (features, labels) = clouds(30, width: 64, classes: [0, 1, 2, 3, 4], seed: 8)
    let first = LinearClassifier(features: features, labels: labels, loss: .squaredHinge)
    #expect(LinearClassifier(features: features, labels: labels, loss: .squaredHinge) == first)
  }
}
