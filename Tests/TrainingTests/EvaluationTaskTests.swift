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

/// Every task that classifies whole samples, on a data set that a random encoder can tell apart.
@Suite struct EvaluationTaskTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func encoder(hidden: Int = 12, seed: Int = 1) throws -> FrozenEncoder {
    var recipe = PretrainRecipe()
    recipe.seed = seed
    recipe.input.frames = 16
    recipe.gru.hidden = hidden
    recipe.gru.layers = 1
    return try FrozenEncoder(untrained: recipe)
  }

  /// The data set under a name, and its occluded variant, which is the data set again under another manifest.
  private func subject(
    _ name: String, encoders: [FrozenEncoder]? = nil, part: String? = nil,
    label: (Int, Int) -> Int = { _, truth in truth }
  ) throws -> EvaluationSubject {
    let url = folder.url.appendingPathComponent(name)
    let hidden = folder.url.appendingPathComponent("\(name)-hidden")
    if !FileManager.default.fileExists(atPath: url.path) {
      try SmallGestures.write(to: url, label: label)
      let side = part.map { ", \"part\": \"\($0)\"" } ?? ""
      try SmallGestures.write(
        to: hidden, recipe: "{\"occlusion\": {\"kind\": \"spatial\"\(side)}}", label: label)
    }
    return try EvaluationSubject(
      encoders: encoders ?? [try encoder()], folder: url, split: "xview", variants: [("hidden", hidden)])
  }

  /// Tasks that train, with settings that take a moment.
  private static let trained: [any EvaluationTask] = {
    var head = HeadSettings()
    (head.batch, head.epochs, head.draws) = (8, 12, 2)
    (head.fitting.rate, head.fitting.milestones) = (0.5, [10])
    var tuning = TuningSettings()
    (tuning.batch, tuning.epochs, tuning.fitting.rate, tuning.fitting.milestones) = (8, 6, 0.1, [5])
    var (linear, occluded, robustness) = (LinearRecipe(), OccludedRecipe(), RobustnessRecipe())
    (linear.head, occluded.head, robustness.head) = (head, head, head)
    (robustness.spatial, robustness.temporal, robustness.frames) = ([40], [50], [50])
    (robustness.noise, robustness.view) = ([100], [90])
    var (tuned, transfer, few) = (FineTuneRecipe(), TransferRecipe(), SemiSupervisedRecipe())
    (tuned.tuning, transfer.tuning, few.tuning) = (tuning, tuning, tuning)
    tuned.tuning.repeats = 2
    (few.tuning.repeats, few.percents, few.balanced) = (2, [30, 50], true)
    return [linear, occluded, robustness, tuned, transfer, few]
  }()

  @Test func classesAreToldApart() throws {
    let subject = try subject("data")
    for task in Self.trained {
      let result = try task.evaluate(subject, mode: .none)
      #expect(
        result.headline.name == "top1" && result.headline.value > 60, "\(result.task) \(result.headline)")
      #expect(result.samples == ["train": 24, "test": 12, "hidden": 12])
      #expect(try JSONDecoder().decode(EvaluationResult.self, from: result.json).measures == result.measures)
      #expect(!result.summary.isEmpty)
    }
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    let subject = try subject("data")
    for task in Self.trained {
      let (first, second) = (
        try task.evaluate(subject, mode: .none), try task.evaluate(subject, mode: .none)
      )
      #expect(try first.json == second.json, "\(first.task)")
      #expect(first.head == second.head)
    }
  }

  /// What is learned depends on no label of a test sample: with these turned round the models are the same to the bit,
  /// and only the numbers differ. With training labels turned round the models differ.
  @Test func testLabelsAreNotSeen() throws {
    let own = try subject("data")
    let shuffled = try subject("shuffled") { number, truth in
      number % 3 == 0 ? (truth + 1) % SmallGestures.classes : truth
    }
    let taught = try subject("taught") { number, truth in
      number % 3 == 0 ? truth : (truth + 1) % SmallGestures.classes
    }
    for task in Self.trained {
      let results = try [own, shuffled, taught].map { try task.evaluate($0, mode: .none) }
      let heads = results.map { $0.head?.layers ?? [] }
      let same = heads[1] == heads[0]
      #expect(!heads[0].isEmpty && same, "\(results[0].task)")
      #expect(results[1].measures != results[0].measures)
      let differs = heads[2] != heads[0]
      #expect(differs, "\(results[0].task)")
    }
  }

  /// Every repetition of few labels learns from the subset that `skelprep split --fraction` lists.
  @Test func subsetsAreThoseOfSplits() throws {
    let subject = try subject("data")
    var recipe = SemiSupervisedRecipe()
    recipe.missing = .keep
    let entries = subject.train.entries
    for (balanced, percent) in [(false, Float(10)), (true, 25), (false, 100)] {
      recipe.balanced = balanced
      for repetition in 0..<3 {
        let expected = try TrainingSubset(
          fraction: Double(percent) / 100, seed: UInt64(1 + repetition), balanced: balanced
        ).draw(
          from: entries.map(\.name),
          labels: Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.label) }))
        let drawn = try recipe.subset(of: subject, percent: percent, repetition: repetition)
        #expect(drawn == expected)
        #expect(drawn.count == Int((Float(entries.count) * percent / 100).rounded()))
      }
    }
    (recipe.balanced, recipe.missing) = (false, .refuse)
    #expect { try recipe.subset(of: subject, percent: 4, repetition: 0) } throws: {
      "\($0)".contains("balanced=true")
    }
    // A subset that is learned from is no more than that: other samples' labels are not seen.
    recipe.tuning.epochs = 1
    let names = Set(entries.prefix(8).map(\.name))
    let one = try TunedEnsemble(recipe.tuning, of: subject, names: names, repetition: 0, mode: .none)
    let others = try self.subject("others") { number, truth in
      let camera = number % 3 + 1
      let name = SampleName(setup: 1, camera: camera, subject: number + 1, replication: 1, action: truth + 1)
      return camera == 1 || names.contains("\(name)") ? truth : (truth + 1) % SmallGestures.classes
    }
    let two = try TunedEnsemble(recipe.tuning, of: others, names: names, repetition: 0, mode: .none)
    let same = one.members[0].trained == two.members[0].trained
    #expect(same)
  }

  @Test func spreadsAreByHand() {
    func metrics(_ right: Int) -> ClassificationMetrics {
      ClassificationMetrics(
        scores: (0..<4).flatMap { $0 < right ? [Float(1), 0] : [0, 1] }, labels: [0, 0, 0, 0], classCount: 2)
    }
    let measures = [EvaluationResult.Measure](repeated: [metrics(1), metrics(2), metrics(4)])
    // 25, 50 and 100: mean 175/3, squares 33.3² + 8.3² + 41.7² = 2916.7, deviation √1458.3.
    #expect(abs(measures[0].value - 175.0 / 3) < 1e-9)
    #expect(measures[0].spread?.kind == .deviation && measures[0].spread?.count == 3)
    #expect(abs((measures[0].spread?.value ?? 0) - 1458.0.squareRoot()) < 0.01)
    #expect([EvaluationResult.Measure](repeated: [metrics(1)])[0].spread == nil)
  }

  /// The logits of an ensemble are the weighted sum of its members' own.
  @Test func ensemblesAddUpLogits() throws {
    let (a, b) = (try encoder(seed: 1), try encoder(hidden: 9, seed: 2))
    var settings = HeadSettings()
    (settings.epochs, settings.batch) = (3, 8)
    let both = try subject("data", encoders: [a, b])
    settings.weights = [1, 0.5]
    let together = try HeadEnsemble(settings, of: both, mode: .none).logits(of: both.test).values
    settings.weights = []
    let alone = try [a, b].map {
      let subject = try subject("data", encoders: [$0])
      return try HeadEnsemble(settings, of: subject, mode: .none).logits(of: subject.test).values
    }
    #expect(
      together.indices.allSatisfy { abs(together[$0] - alone[0][$0] - 0.5 * alone[1][$0]) < 1e-4 })
    settings.weights = [1]
    #expect(throws: InputError.self) { try HeadEnsemble(settings, of: both, mode: .none) }
    for task in Self.trained {
      #expect(try task.evaluate(both, mode: .none).checkpoints.count == 2)
    }
  }

  /// The encoder that is tuned is a copy.
  @Test func tuningLeavesTheEncoder() throws {
    let encoder = try encoder()
    let before = encoder.arrays
    let subject = try subject("data", encoders: [encoder])
    let result = try Self.trained[3].evaluate(subject, mode: .none)
    #expect(encoder.arrays == before)
    let kept = try #require(result.head?.layers[0].arrays)
    #expect(before.allSatisfy { array in kept.contains { $0.name == array.name && $0 != array } })
    // A head of it tells the same apart.
    let predictor = try Predictor(#require(result.head), encoders: [encoder])
    var right = 0
    for entry in subject.test.entries {
      guard case .recognition(let found) = try predictor(subject.test.clip(entry)) else { continue }
      if found.top(1) == [entry.label] { right += 1 }
    }
    var once = try #require(Self.trained[3] as? FineTuneRecipe)
    once.tuning.repeats = 1
    let measured = try once.evaluate(subject, mode: .none).headline.value
    #expect(abs(Double(right) / 12 * 100 - measured) < 1e-9)
  }

  @Test func normalizedFeaturesEndUpInTheLayer() throws {
    let subject = try subject("data")
    var settings = HeadSettings()
    (settings.epochs, settings.batch, settings.normalizes, settings.draws) = (20, 7, true, 1)
    (settings.crop, settings.testCrop) = (1...1, 1)
    let metrics = try HeadEnsemble(settings, of: subject, mode: .none).metrics(of: subject.test)
    #expect(metrics.top1 > 60)
  }

  @Test func theBestEpochOnTestIsAskedForAndSaid() throws {
    let subject = try subject("data")
    var recipe = try #require(Self.trained[0] as? LinearRecipe)
    let last = try recipe.evaluate(subject, mode: .none)
    recipe.head.report = .best_on_test
    let best = try recipe.evaluate(subject, mode: .none)
    #expect(best.headline.value >= last.headline.value)
    #expect(last.selected_on_test == nil && best.selected_on_test == true)
    #expect(try String(decoding: best.json, as: UTF8.self).contains("\"selected_on_test\" : true"))
    #expect(best.summary.contains("chosen by"))
  }

  /// A result of another version is refused by what it lacks.
  @Test func aResultWithoutAPartIsRefusedByName() throws {
    let linear = try #require(Self.trained[0] as? LinearRecipe)
    let url = folder.url.appendingPathComponent("result")
    let result = try linear.evaluate(subject("data"), mode: .none)
    try result.write(to: url)
    #expect(throws: Never.self) { try EvaluationResult(contentsOf: url) }
    let file = url.appendingPathComponent("result.json")
    let text = String(decoding: try result.json, as: UTF8.self)
    try text.replacing("\"samples\"", with: "\"sample\"").write(to: file, atomically: true, encoding: .utf8)
    #expect { try EvaluationResult(contentsOf: url) } throws: {
      let message = "\($0)"
      return message.contains("samples: missing") && message.contains("measure again")
    }
  }

  @Test func occludedSamplesAreLearnedFromOnRequest() throws {
    let subject = try subject("data")
    var recipe = try #require(Self.trained[1] as? OccludedRecipe)
    let clean = try recipe.evaluate(subject, mode: .none)
    #expect(clean.measure("top1", condition: "clean") != nil && clean.headline.condition == "hidden")
    recipe.learning = .occluded
    #expect(try recipe.evaluate(subject, mode: .none).measures.count == clean.measures.count)
    let half = try self.subject("half", part: "test")
    #expect { try recipe.evaluate(half, mode: .none) } throws: { "\($0)".contains("without --part") }
    recipe.learning = .clean
    #expect(throws: Never.self) { try recipe.evaluate(half, mode: .none) }
    let none = try EvaluationSubject(
      encoders: [encoder()], folder: folder.url.appendingPathComponent("data"), split: "xview",
      variants: [("same", folder.url.appendingPathComponent("data"))])
    #expect(throws: InputError.self) { try recipe.evaluate(none, mode: .none) }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let data = folder.url.appendingPathComponent("data")
    _ = try subject("data")
    func measured(split: String = "xview", test: URL? = nil) throws -> EvaluationSubject {
      try EvaluationSubject(encoders: [encoder()], folder: data, split: split, testFolder: test)
    }
    #expect(throws: InputError.self) { try measured(split: "xsub") }
    let other = folder.url.appendingPathComponent("pku")
    try SmallGestures.write(to: other, dataset: "pkummd1")
    #expect { try measured(test: other) } throws: { "\($0)".contains("pkummd1") }
    let more = folder.url.appendingPathComponent("more")
    try SmallGestures.write(to: more) { number, truth in number % 3 == 0 ? truth + 7 : truth }
    let unseen = try measured(test: more)
    let nameless = folder.url.appendingPathComponent("nameless")
    try SmallGestures.write(to: nameless) { number, truth in number == 0 ? -1 : truth }
    let unlabelled = try measured(test: nameless)
    for task in Self.trained + [RetrievalRecipe()] as [any EvaluationTask] {
      #expect(throws: InputError.self) { try task.evaluate(unseen, mode: .none) }
      #expect(throws: InputError.self) { try task.evaluate(unlabelled, mode: .none) }
    }
  }

  @Test func everyTaskHasItsFilesAndNames() throws {
    for task in EvaluationTasks.all {
      #expect(EvaluationTasks.named(task.kind) == task)
    }
    #expect(Set(EvaluationTasks.all.map { $0.kind }).count == EvaluationTasks.all.count)
  }
}
