import Foundation
import Liblinear
import Skeleton
import Testing

@testable import Evaluation

/// The few-shot classifiers against scikit-learn, by `Tests/Peers/fewshot.py`.
@Suite struct FewShotPeerTests {
  private struct Given: Encodable {
    let features: [[Float]]
    let labels: [Int]
    let queries: [[Float]]
    let cost: Double
    let accuracies: [Double]
  }

  private struct Answers: Decodable {
    let svm: [[Double]]
    let logistic: [[Double]]
    let centroid: [Int]
    let mean: Double
    let half: Double
  }

  @Test func scikitLearnSaysTheSame() throws {
    var random = KeyedRandom(seed: 12, view: "fewshot.peer")
    let width = 32
    let classes = [4, 90, 11, 57, 23]
    func samples(_ each: Int) -> (rows: [[Float]], labels: [Int]) {
      let labels = classes.flatMap { Array(repeating: $0, count: each) }
      let rows = labels.map { label -> [Float] in
        let row = (0..<width).map { random.normal() + ($0 % 5 == label % 5 ? 0.6 : 0) }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return row.map { $0 / length }
      }
      return (rows, labels)
    }
    let (support, query) = (samples(5), samples(15))
    let accuracies = (0..<40).map { _ in Double(random.integer(below: 100)) }
    let given = Given(
      features: support.rows, labels: support.labels, queries: query.rows, cost: 0.8, accuracies: accuracies)
    let script = RecipeTests.root.appendingPathComponent("Tests/Peers/fewshot.py")
    let text = try Python.run(
      "import runpy, sys, warnings; warnings.simplefilter(\"ignore\"); sys.stdin = open(sys.argv[2]); runpy.run_path(sys.argv[1])",
      needing: "sklearn",
      [script.path, try written(given)])
    guard let text else { return }
    let answers = try JSONDecoder().decode(Answers.self, from: Data(text.utf8))

    let features = support.rows.flatMap(\.self)
    let queries = query.rows.flatMap(\.self)
    func predictions(_ scores: [Double]) -> [Int] {
      EpisodeClassifier.predictions(scores, classes: classes.sorted())
    }
    for (loss, expected) in [
      (LinearClassifier.Loss.squaredHinge, answers.svm), (.logistic, answers.logistic),
    ] {
      let scores = LinearClassifier(
        features: features, labels: support.labels, loss: loss, cost: 0.8, tolerance: 1e-10
      ).scores(of: queries)
      #expect(zip(scores, expected.joined()).allSatisfy { abs($0 - $1) < 1e-4 }, "\(loss)")
      // The tolerance that evaluations use changes no decision.
      let usual = LinearClassifier(features: features, labels: support.labels, loss: loss, cost: 0.8)
      #expect(predictions(usual.scores(of: queries)) == predictions(expected.flatMap(\.self)))
    }
    let centroids = NearestCentroid(features: features, labels: support.labels)
    #expect(predictions(centroids.scores(of: queries)) == answers.centroid)
    let mean = EpisodeMean(accuracies)
    #expect(abs(mean.mean - answers.mean) < 1e-9 && abs(mean.halfInterval - answers.half) < 1e-9)
  }

  private func written(_ given: Given) throws -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    try JSONEncoder().encode(given).write(to: file)
    return file.path
  }
}
