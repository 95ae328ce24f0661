import Batches
import Foundation
import Encoders
import Methods
import Recipes
import Reporting
import Shards
import Skeleton
import TensorCore
import Testing
import Training

@testable import Evaluation

/// Few-shot episodes on features that can be looked through.
@Suite struct FewShotTests {
  /// Names `class.number` around the corners of a simplex.
  private func features(classes: Int, each: Int, noise: Float) -> FeatureSet {
    var random = KeyedRandom(seed: 5, view: "fewshot")
    let labels = (0..<(classes * each)).map { $0 / each }
    return FeatureSet(
      names: labels.indices.map { "\(labels[$0]).\($0 % each)" }, labels: labels,
      values: Tensor(
        labels.flatMap { label in (0..<classes).map { ($0 == label ? 1 : 0) + noise * random.normal() } },
        shape: [labels.count, classes]))
  }

  private func episode(_ classes: [Int], shots: Int, queries: Int) -> FewShot.Episode {
    FewShot.Episode(
      classes: classes, support: classes.map { label in (0..<shots).map { "\(label).\($0)" } },
      query: classes.map { label in (shots..<(shots + queries)).map { "\(label).\($0)" } })
  }

  @Test(arguments: EpisodeClassifier.allCases)
  func clearClassesAreToldApart(classifier: EpisodeClassifier) {
    let evaluation = FewShotEvaluation(FewShotRecipe())
    let clear = features(classes: 6, each: 8, noise: 0.05)
    // The classes of an episode come in any order.
    let episode = episode([4, 1, 5], shots: 2, queries: 6)
    #expect(evaluation.accuracy(of: classifier, in: episode, by: [clear]) == 100)
    var swapped = episode
    swapped.query = [episode.query[1], episode.query[0], episode.query[2]]
    #expect(abs(evaluation.accuracy(of: classifier, in: swapped, by: [clear]) - 100.0 / 3) < 1e-9)
    // Two encoders, of which one says nothing, are as good as the other.
    let blank = FeatureSet(
      names: clear.names, labels: clear.labels, values: Tensor.zeros([clear.names.count, 4]))
    #expect(evaluation.accuracy(of: classifier, in: episode, by: [clear, blank]) == 100)
  }

  @Test func meansAreByHand() {
    let mean = EpisodeMean([60, 80, 70, 90])
    #expect(mean.mean == 75)
    // Deviations −15, 5, −5, 15: s² = 500/3.
    #expect(abs(mean.halfInterval - 1.96 * (500.0 / 3 / 4).squareRoot()) < 1e-12)
    #expect(EpisodeMean([40]).halfInterval == 0)
  }

  @Test func thePaperListsMoreThanItSays() {
    #expect(NovelClasses.fewShotLabels.count == 23 && Set(NovelClasses.fewShotLabels).count == 23)
    #expect(NovelClasses.firstFewShotLabels.count == 20)
    #expect(NovelClasses.firstFewShotLabels.allSatisfy(NovelClasses.fewShotLabels.contains))
  }

  @Test func episodesAreTheSplitsOrDrawn() throws {
    let folder = try TemporaryFolder()
    try SmallDataset.write(to: folder.url, samples: 60, shards: 2)
    let data = try DatasetFolder(folder.url)
    let test = try SampleSource(data, split: "xview", part: .test)
    var recipe = FewShotRecipe()
    (recipe.ways, recipe.shots, recipe.queries, recipe.episodes) = (2, 3, 4, 5)
    let drawn = try FewShotEvaluation(recipe).episodes(of: data.split("xview"), test: test)
    #expect(drawn.count == 5)
    #expect(try FewShotEvaluation(recipe).episodes(of: data.split("xview"), test: test) == drawn)
    let labels = Dictionary(uniqueKeysWithValues: test.entries.map { ($0.name, $0.label) })
    for episode in drawn {
      for (way, label) in episode.classes.enumerated() {
        #expect((episode.support[way] + episode.query[way]).allSatisfy { labels[$0] == label })
      }
    }
    var split = try data.split("xview")
    split.fewShot = FewShot(ways: 2, shots: 3, queries: 4, classes: [0, 1], episodes: [drawn[3]])
    #expect(try FewShotEvaluation(recipe).episodes(of: split, test: test) == [drawn[3]])
    recipe.ways = 3
    #expect(throws: InputError.self) {
      try FewShotEvaluation(recipe).episodes(of: data.split("xview"), test: test)
    }
    recipe.classes = .paper23
    #expect(throws: InputError.self) {
      try FewShotEvaluation(recipe).episodes(of: data.split("xview"), test: test)
    }

    recipe.ways = 2
    var encoder = PretrainRecipe()
    encoder.gru.hidden = 4
    let result = try FewShotEvaluation(recipe)(
      [try FrozenEncoder(untrained: encoder)], episodes: drawn, test: test, mode: .none)
    #expect(result.map(\.classifier) == ["svm", "logistic", "centroid"])
    #expect(result.allSatisfy { (0...100).contains($0.mean) && $0.halfInterval >= 0 })
    #expect(
      try FewShotEvaluation(recipe)(
        [try FrozenEncoder(untrained: encoder)], episodes: drawn, test: test, mode: .none) == result)
  }
}
