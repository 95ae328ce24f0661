import Encoders
import Methods
import Skeleton
import TensorCore
import Testing

@testable import Evaluation

@Suite struct MetricsTests {
  /// Scores of few different values, so that ties are common.
  private func scores(_ samples: Int, _ classes: Int, seed: UInt64) -> ([Float], [Int]) {
    var random = KeyedRandom(seed: seed, view: "metrics")
    let scores = (0..<(samples * classes)).map { _ in Float(random.integer(below: 5)) }
    return (scores, (0..<samples).map { _ in random.integer(below: classes) })
  }

  /// The definition, said slowly: sort the classes by falling score, lower class first, and look.
  @Test(arguments: [1, 2, 5, 6, 10])
  func metricsAreTheirDefinition(classes: Int) {
    for seed in 0..<10 {
      let (scores, labels) = scores(40, classes, seed: UInt64(seed))
      let ranked = (0..<40).map { row in
        (0..<classes).sorted { (scores[row * classes + $1], $0) < (scores[row * classes + $0], $1) }
      }
      let metrics = ClassificationMetrics(scores: scores, labels: labels, classCount: classes)
      func percent(_ right: Int, of all: Int) -> Double { 100 * Double(right) / Double(all) }
      #expect(metrics.top1 == percent(zip(ranked, labels).count { $0[0] == $1 }, of: 40))
      #expect(metrics.top5 == percent(zip(ranked, labels).count { $0.prefix(5).contains($1) }, of: 40))
      for label in 0..<classes {
        let rows = (0..<40).filter { labels[$0] == label }
        let expected = rows.isEmpty ? nil : percent(rows.count { ranked[$0][0] == label }, of: rows.count)
        #expect(metrics.perClass[label] == expected)
        for other in 0..<classes {
          #expect(metrics.confusion[label][other] == rows.count { ranked[$0][0] == other })
        }
      }
    }
  }

  @Test func theNearestIsFoundByBruteForce() {
    var random = KeyedRandom(seed: 9, view: "retrieval")
    func set(_ count: Int) -> FeatureSet {
      FeatureSet(
        names: (0..<count).map(String.init), labels: (0..<count).map { _ in random.integer(below: 4) },
        values: Tensor((0..<(count * 6)).map { _ in random.normal() }, shape: [count, 6]))
    }
    let (train, test) = (set(50), set(33))
    func cosine(_ a: Int, _ b: Int) -> Double {
      let (x, y) = (test.values.values[(a * 6)..<(a * 6 + 6)], train.values.values[(b * 6)..<(b * 6 + 6)])
      let dot = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      func length(_ v: ArraySlice<Float>) -> Double {
        v.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      }
      return dot / length(x) / length(y)
    }
    let right = (0..<33).count { row in
      let nearest = (0..<50).max { cosine(row, $0) < cosine(row, $1) } ?? 0
      return train.labels[nearest] == test.labels[row]
    }
    let metrics = RetrievalRecipe().metrics(
      train: normalized(train), test: normalized(test), classCount: 4
    ).metrics
    #expect(metrics.top1 == 100 * Double(right) / 33)
  }

  private func normalized(_ set: FeatureSet) -> FeatureSet {
    FeatureSet(names: set.names, labels: set.labels, values: set.values.normalizedRows())
  }

  /// More samples than a block has on either side, with copies so that there are ties, against sorting all of them.
  @Test(arguments: NearestNeighbours.Metric.allCases)
  func neighboursAreThoseOfSortingAll(metric: NearestNeighbours.Metric) {
    var random = KeyedRandom(seed: 3, view: "neighbours")
    // Small whole numbers: products are exact, so that what is equal is equal in every order of addition.
    func rows(_ count: Int) -> [[Float]] {
      (0..<count).map { _ in (0..<3).map { _ in Float(random.integer(in: -4...4)) } }
    }
    let (gallery, queries) = (rows(4500), rows(300))
    let labels = gallery.map { _ in random.integer(below: 5) }
    let same = queries.indices.map { $0 % 7 == 0 ? Int32($0 * 13) : -1 }
    let found = NearestNeighbours(
      of: Tensor(queries.flatMap(\.self), shape: [300, 3]),
      in: Tensor(gallery.flatMap(\.self), shape: [4500, 3]), labels: labels, classCount: 6, count: 9,
      metric: metric, same: same)
    for query in stride(from: 0, to: 300, by: 11) {
      let values = gallery.map { sample -> Float in
        let dot = zip(sample, queries[query]).reduce(0) { $0 + $1.0 * $1.1 }
        return metric == .cosine ? dot : dot - sample.reduce(0) { $0 + $1 * $1 } / 2
      }
      let order = gallery.indices.filter { $0 != Int(same[query]) }.sorted {
        (values[$1], $0) < (values[$0], $1)
      }
      #expect(found.rows[(query * 9)..<(query * 9 + 9)].map(Int.init) == Array(order.prefix(9)))
      for label in 0..<6 {
        let nearest = order.first { labels[$0] == label }.map { values[$0] } ?? -.infinity
        #expect(found.classes[query * 6 + label] == nearest)
      }
      let nearest = order.prefix(9).map { labels[$0] }
      #expect(
        found.precision(query: query, k: 9, of: 2, labels: labels) == Double(nearest.count { $0 == 2 }) / 9)
      let votes = (0..<6).map { label in nearest.count { $0 == label } }
      let winners = votes.indices.filter { votes[$0] == votes.max() }
      #expect(
        found.vote(query: query, k: 9, labels: labels) == nearest.first { winners.contains($0) })
    }
  }

  @Test func unseenClassesAreRefused() {
    #expect(throws: InputError.self) { try checkedClassCount(train: [0, 1], test: [2]) }
    #expect(throws: InputError.self) { try checkedClassCount(train: [0, -1], test: [0]) }
    #expect(throws: Never.self) { try checkedClassCount(train: [0, 1, 2], test: [2]) }
  }
}
