import Batches
import Encoders
import Foundation
import NN
import Recipes
import Reporting
import Shards
import Skeleton
import TensorCore
import Testing
import Training

@testable import Evaluation

/// Training from nothing with labels, by the provided recipes at sizes that take a moment.
@Suite struct SupervisedTests {
  /// A recipe of `pipelines/evaluate`, its encoder small, and what 24 samples need to be learned in a moment.
  ///
  /// What counts are steps, of which there are three to six an epoch: after 60, CTR-GCN and the transformer have barely begun,
  /// with the loss at log 3, and after twice to three times as many all is told apart. Their features are means over joints,
  /// which say nothing of who moves until the joints are no longer alike to them.
  struct Case: CustomTestStringConvertible {
    let name: String
    let encoder: String
    var frames = 16
    let changes: [String]
    var testDescription: String { name }

    func subject(_ data: URL) throws -> EvaluationSubject {
      let recipe = try PretrainRecipe.provided(
        "cmd", changing: ["input.frames=\(frames)", "encoder=\(encoder)"])
      return try EvaluationSubject(
        encoders: [FrozenEncoder(untrained: recipe)], folder: data, split: "xview")
    }

    func recipe(changing more: [String] = []) throws -> FineTuneRecipe {
      let file = RecipeTests.root.appendingPathComponent("pipelines/evaluate/supervised-\(name).yaml")
      return try FineTuneRecipe(file, changing: changes + more)
    }
  }

  static let cases = [
    Case(
      name: "stgcn", encoder: "{kind: stgcn, hidden: 4, features: 16, default_start: true, bodies: 1}",
      changes: ["batch=8", "epochs=20", "optimizer.milestones=[14]"]),
    Case(
      name: "ctrgcn", encoder: "{kind: ctrgcn, channels: 8, bodies: 1}", frames: 8,
      changes: ["batch=4", "epochs=30", "optimizer.milestones=[24]", "optimizer.warmup=2"]),
    Case(
      name: "gru", encoder: "{kind: gru, hidden: 12, layers: 1}",
      changes: ["batch=8", "epochs=20", "optimizer.rate=0.01", "optimizer.milestones=[14]"]),
    Case(
      name: "vit", encoder: "{kind: vit, layers: 2, width: 16, heads: 2, bodies: 1}",
      changes: ["batch=8", "epochs=60", "optimizer.rate=0.003", "optimizer.warmup=2"]),
  ]

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try SmallGestures.write(to: folder.url)
  }

  @Test(arguments: cases) func classesAreLearned(_ `case`: Case) throws {
    let subject = try `case`.subject(folder.url)
    let recipe = try `case`.recipe()
    let classifier = TunedClassifier(recipe.tuning, from: subject.encoders[0], classCount: 3, seed: 1)
    try classifier.train(on: subject.train, watching: nil, mode: .none)
    let copy = classifier.encoder.copy()
    let clips = try subject.train.entries.map {
      copy.stream.derived(from: try subject.train.clip($0).centreCrop(to: copy.frames))
    }
    let logits = classifier.layer(copy.features(of: SkeletonClip.stacked(clips), .adapting)).values
    let met = ClassificationMetrics(scores: logits, labels: subject.train.labels, classCount: 3)
    #expect(met.top1 > 90, "training, by the batch's statistics \(met.top1)")
    for (side, source) in [("training", subject.train), ("test", subject.test)] {
      let found = ClassificationMetrics(
        scores: try classifier.logits(of: source).values, labels: source.labels, classCount: 3)
      #expect(found.top1 > 90, "\(side) \(found.top1)")
    }
  }

  /// Every `supervised-NAME.yaml` is of fine-tuning, and there is an encoder of its name.
  @Test func everyFileIsReadAndHasItsEncoder() throws {
    let pipelines = RecipeTests.root.appendingPathComponent("pipelines")
    let folder = pipelines.appendingPathComponent("evaluate")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("supervised-") }
    #expect(files.count >= 8)
    for file in files {
      _ = try FineTuneRecipe(folder.appendingPathComponent(file), changing: [])
      let encoder = pipelines.appendingPathComponent("encoders/\(file.dropFirst("supervised-".count))")
      #expect(throws: Never.self, "\(file)") { try PretrainRecipe(contentsOf: encoder) }
    }
  }

  /// What each setting changes is changed, and nothing depends on when batches are made.
  @Test func settingsAreFollowed() throws {
    let vit = Self.cases[3]
    let subject = try vit.subject(folder.url)
    func arrays(_ changes: [String]) throws -> [Safetensors.Entry] {
      let recipe = try vit.recipe(changing: ["epochs=1", "optimizer.warmup=0"] + changes)
      return try TunedEnsemble(recipe.tuning, of: subject, repetition: 0, mode: .none).trained(
        recipe, on: subject.train
      ).layers[0].arrays
    }
    let plain = try arrays([])
    #expect(try arrays([]) == plain)
    for change in [
      "rotation=0", "label_smoothing=0", "optimizer.layers=1", "optimizer.decay_vectors=true",
    ] {
      #expect(try arrays([change]) != plain, "\(change)")
    }
    // A rate of nothing below the layer leaves the encoder as it was.
    let still = try arrays(["optimizer.encoder=0"])
    let start = subject.encoders[0].arrays
    #expect(start.allSatisfy { array in still.contains(array) })
  }

  @Test func layersOfWhatHasNoBlocksAreRefused() throws {
    let gru = Self.cases[2]
    let recipe = try gru.recipe(changing: ["optimizer.layers=0.8"])
    let subject = try gru.subject(folder.url)
    #expect { try recipe.evaluate(subject, mode: .none) } throws: { "\($0)".contains("optimizer.layers") }
  }

  @Test func moreBodiesThanThereAreAreRefused() {
    for kind in ["stgcn", "agcn", "ctrgcn", "vit"] {
      let encoder = "encoder={kind: \(kind), bodies: 3}"
      #expect {
        try PretrainRecipe.provided("cmd", changing: ["input.frames=16", encoder])
      } throws: {
        "\($0)".contains("encoder.bodies")
      }
    }
  }

  /// An encoder of one body reads the first, and nothing of the second.
  @Test(arguments: [
    "stgcn, hidden: 4", "agcn, channels: 8", "ctrgcn, channels: 8", "vit, width: 8, heads: 2",
  ])
  func theFirstBodyIsRead(kind: String) throws {
    let recipe = try PretrainRecipe.provided(
      "cmd", changing: ["input.frames=16", "encoder={kind: \(kind), bodies: 1}"])
    let encoder = try FrozenEncoder(untrained: recipe)
    var random = KeyedRandom(seed: 1, view: "clips")
    var frames = (0..<(2 * 16 * 150)).map { _ in random.uniform(-1, 1) }
    func features() -> [Float] { encoder.features(of: Tensor(frames, shape: [2, 16, 150])).values }
    let first = features()
    for index in frames.indices where index % 2 == 1 { frames[index] = 5 }
    #expect(features() == first)
    for index in frames.indices where index % 2 == 0 { frames[index] += 0.1 * Float(index % 7) }
    #expect(features() != first)
  }
}
