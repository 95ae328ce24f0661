import Batches
import Foundation
import Encoders
import Methods
import Recipes
import Reporting
import Shards
import Skeleton
import Testing
import Training

@testable import Evaluation

/// Detection from recordings to actions, on a data set that a random encoder can tell apart.
@Suite struct DetectionTests {
  private let folder = try? TemporaryFolder()

  private var encoder: FrozenEncoder {
    get throws {
      var recipe = PretrainRecipe()
      recipe.gru.hidden = 12
      recipe.gru.layers = 1
      return try FrozenEncoder(untrained: recipe)
    }
  }

  private func recipe(_ changes: String...) throws -> DetectionRecipe {
    try DetectionRecipe(
      nil,
      changing: [
        "epochs=10", "windows=48", "batch=16", "frames=8", "strides.train=[1, 2]", "strides.test=2",
        "optimizer.rate=0.1", "optimizer.milestones=[8]",
      ] + changes)
  }

  private func sources(
    _ name: String, label: (String, Int) -> Int? = { _, done in done }
  ) throws -> (train: SampleSource, test: SampleSource) {
    let url = try #require(folder).url.appendingPathComponent(name)
    try SmallVideos.write(to: url, label: label)
    let data = try DatasetFolder(url)
    return (
      try SampleSource(data, split: "xsub", part: .train), try SampleSource(data, split: "xsub", part: .test)
    )
  }

  /// What was learned and what was found.
  private struct Outcome: Equatable {
    let head: TrainedHead
    let videos: [DetectedVideo]
    let frameAccuracy: Double
  }

  private func outcome(
    _ recipe: DetectionRecipe, _ sources: (train: SampleSource, test: SampleSource),
    _ encoders: [FrozenEncoder]? = nil
  ) throws -> Outcome {
    let detection = try Detection(recipe, of: encoders ?? [try encoder], on: sources.train, mode: .none)
    let outcome = try detection.outcome(on: sources.test, mode: .none)
    return Outcome(head: detection.head, videos: outcome.videos, frameAccuracy: outcome.frameAccuracy)
  }

  @Test func actionsAreFound() throws {
    let found = try outcome(recipe(), sources("data"))
    #expect(found.videos.map(\.name) == SmallVideos.tested)
    #expect(found.frameAccuracy > 80)
    #expect(VOCAveragePrecision.mean(of: found.videos, overlap: 0.5) > 0.9)
    #expect(OfficialAveragePrecision.meanOverActions(of: found.videos, overlap: 0.5) > 0.9)
  }

  @Test func theSameSeedGivesTheSameAndAnotherDoesNot() throws {
    let sources = try sources("data")
    let first = try outcome(recipe(), sources)
    #expect(try outcome(recipe(), sources) == first)
    #expect(try outcome(recipe("seed=43"), sources).head != first.head)
    #expect(try outcome(recipe("draws=2"), sources).head != first.head)
  }

  /// What is learned and what is found depend on the training labels and on no others.
  @Test func testLabelsAreNotSeen() throws {
    let own = try outcome(recipe(), sources("own"))
    let shuffled = try outcome(
      recipe(), sources("shuffled") { video, done in SmallVideos.tested.contains(video) ? 1 - done : done })
    #expect(shuffled.head == own.head)
    #expect(shuffled.videos.map(\.found) == own.videos.map(\.found))
    #expect(shuffled.videos.map(\.truths) != own.videos.map(\.truths))
    let taught = try outcome(
      recipe(), sources("taught") { video, done in SmallVideos.tested.contains(video) ? done : 1 - done })
    #expect(taught.head != own.head)
  }

  /// The same encoder twice is twice the logits, which changes no frame's class.
  @Test func anEnsembleAddsLogits() throws {
    let sources = try sources("data")
    let recipe = try recipe("epochs=2")
    let (one, two) = (try outcome(recipe, sources), try outcome(recipe, sources, [try encoder, try encoder]))
    #expect(two.frameAccuracy == one.frameAccuracy)
    #expect(two.head.layers == one.head.layers + one.head.layers)
  }

  @Test func aResultHasBothEvaluatorsAndEveryRecording() throws {
    let url = try #require(folder).url.appendingPathComponent("data")
    try SmallVideos.write(to: url)
    let subject = try EvaluationSubject(
      encoders: [try encoder], folder: url, split: "xsub", variants: [("again", url)])
    let recipe = try recipe("epochs=2")
    let result = try recipe.evaluate(subject, mode: .none)
    #expect(try recipe.evaluate(subject, mode: .none).json == result.json)
    #expect(result.measures.count == 4 + 3 * 4 + 2 + 4 && result.headline.name == "map@0.1")
    for overlap in ["0.1", "0.3", "0.5", "0.7"] {
      #expect(
        result.measure("map@\(overlap)")?.value == result.measure("map@\(overlap)", condition: "again")?.value
      )
    }
    #expect(result.timelines?.map(\.video) == SmallVideos.tested)
    #expect(result.timelines?.allSatisfy { $0.truth.count == 4 } == true)
    #expect(result.curves?.map(\.points.count) == [7, 7])
    #expect(result.curves?[0].points[4].y == result.measure("map@0.5")?.value)
    let classes = try #require(result.detected_classes)
    #expect(classes.map(\.name) == ["A001", "A002"])
    let timelines = try #require(result.timelines)
    #expect(classes.map(\.actions).reduce(0, +) == timelines.reduce(0) { $0 + $1.truth.count })
    #expect(classes.map(\.detections).reduce(0, +) == timelines.reduce(0) { $0 + $1.detections.count })
    for overlap in ["0.1", "0.5"] {
      let mean = classes.compactMap { $0.average_precision[overlap] }.reduce(0, +) / Double(classes.count)
      #expect(abs(mean - (result.measure("map@\(overlap)")?.value ?? -1)) < 1e-9)
    }
    #expect(result.summary.contains("AP@0.5 %"))
  }

  @Test func statisticsAdaptOnACopy() throws {
    let sources = try sources("data")
    let encoder = try encoder
    let before = encoder.statistics
    for (norm, moves) in [("adapt", true), ("frozen", false)] {
      let result = try outcome(recipe("norm=\(norm)", "epochs=1"), sources, [encoder])
      let kept = result.head.layers[0].arrays.filter { $0.name.hasPrefix("input_norm") }
      #expect((kept != before) == moves)
      #expect(encoder.statistics == before)
    }
  }

  @Test func aKeptHeadFindsTheSame() throws {
    let sources = try sources("data")
    let result = try outcome(recipe(), sources)
    let url = try #require(folder).url
    try result.head.write(to: url)
    let head = try TrainedHead(contentsOf: url)
    let isSame = head == result.head
    #expect(isSame)
    let predictor = try Predictor(head, encoders: [try encoder])
    for (entry, video) in zip(sources.test.entries, result.videos) {
      let clip = try sources.test.clip(entry)
      #expect(
        try predictor(clip) == .timeline(Predictor.Timeline(actions: video.found, frameCount: entry.length)))
    }
    var other = PretrainRecipe()
    other.gru.hidden = 8
    #expect(throws: InputError.self) { try Predictor(head, encoders: [FrozenEncoder(untrained: other)]) }
    #expect(throws: InputError.self) { try TrainedHead(contentsOf: url.appendingPathComponent("nothing")) }
  }

  @Test func dataWithoutActionsIsRefused() throws {
    let url = try #require(folder).url.appendingPathComponent("trimmed")
    try SmallDataset.write(to: url, samples: 12, shards: 1)
    let data = try DatasetFolder(url)
    let train = try SampleSource(data, split: "xview", part: .train)
    #expect(throws: InputError.self) { try outcome(recipe(), (train, train)) }
    // A recording whose labels are missing, and a class that is only tested.
    #expect(throws: InputError.self) {
      try outcome(recipe(), sources("unlabelled") { video, done in video == "0003-L" ? nil : done })
    }
    #expect(throws: InputError.self) {
      try outcome(
        recipe(), sources("unseen") { video, done in SmallVideos.tested.contains(video) ? done + 1 : done })
    }
  }
}
