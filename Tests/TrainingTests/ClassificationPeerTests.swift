import Foundation
import Encoders
import Methods
import Skeleton
import TensorCore
import Testing

@testable import Evaluation

/// Accuracies, confusion and neighbours against scikit-learn, by `Tests/Peers/classification.py`.
@Suite struct ClassificationPeerTests {
  private struct Given: Encodable {
    let scores: [[Float]]
    let labels: [Int]
    let gallery: [[Float]]
    let classes: [Int]
    let queries: [[Float]]
    let truths: [Int]
    let k: Int
  }

  private struct Neighbours: Decodable {
    let rows: [[Int]]
    let accuracy: Double
    let precision: Double
  }

  private struct Answers: Decodable {
    let top1: Double
    let top5: Double
    let mean_class: Double
    let confusion: [[Int]]
    let cosine: Neighbours
    let euclidean: Neighbours
  }

  @Test(arguments: [1, 5, 20])
  func scikitLearnSaysTheSame(k: Int) throws {
    var random = KeyedRandom(seed: UInt64(k), view: "classification.peer")
    let classCount = 9
    func rows(_ count: Int, _ width: Int) -> [[Float]] {
      (0..<count).map { _ in (0..<width).map { _ in random.normal() } }
    }
    func labels(_ count: Int) -> [Int] { (0..<count).map { _ in random.integer(below: classCount) } }
    let given = Given(
      scores: rows(400, classCount), labels: labels(400), gallery: rows(600, 24), classes: labels(600),
      queries: rows(150, 24), truths: labels(150), k: k)
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("given.json")
    try JSONEncoder().encode(given).write(to: file)
    let text = try Python.run(
      "import runpy, sys; sys.stdin = open(sys.argv[2]); runpy.run_path(sys.argv[1])", needing: "sklearn",
      [RecipeTests.root.appendingPathComponent("Tests/Peers/classification.py").path, file.path])
    guard let text else { return }
    let answers = try JSONDecoder().decode(Answers.self, from: Data(text.utf8))

    let metrics = ClassificationMetrics(
      scores: given.scores.flatMap(\.self), labels: given.labels, classCount: classCount)
    #expect(abs(metrics.top1 - 100 * answers.top1) < 1e-9 && abs(metrics.top5 - 100 * answers.top5) < 1e-9)
    #expect(abs(metrics.meanClass - 100 * answers.mean_class) < 1e-9)
    #expect(metrics.confusion == answers.confusion)

    for metric in NearestNeighbours.Metric.allCases {
      let expected = metric == .cosine ? answers.cosine : answers.euclidean
      func tensor(_ rows: [[Float]]) -> Tensor {
        let values = Tensor(rows.flatMap(\.self), shape: [rows.count, 24])
        return metric == .cosine ? values.normalizedRows() : values
      }
      let found = NearestNeighbours(
        of: tensor(given.queries), in: tensor(given.gallery), labels: given.classes, classCount: classCount,
        count: k, metric: metric, same: [Int32](repeating: -1, count: given.queries.count))
      #expect(found.rows.map(Int.init) == expected.rows.flatMap(\.self), "\(metric)")
      var recipe = RetrievalRecipe()
      (recipe.neighbours, recipe.metric) = ([k], metric)
      let (_, more) = recipe.metrics(
        train: FeatureSet(
          names: given.classes.indices.map { "g\($0)" }, labels: given.classes, values: tensor(given.gallery)),
        test: FeatureSet(
          names: given.truths.indices.map { "q\($0)" }, labels: given.truths, values: tensor(given.queries)),
        classCount: classCount)
      let precision = try #require(more.last { $0.name == "precision@\(k)" }).value
      #expect(abs(precision - 100 * expected.precision) < 1e-9)
      if k > 1 {
        let accuracy = try #require(more.first { $0.name == "knn@\(k)" }).value
        #expect(abs(accuracy - 100 * expected.accuracy) < 1e-9)
      } else {
        #expect(abs(expected.accuracy - expected.precision) < 1e-9)
      }
    }
  }
}
