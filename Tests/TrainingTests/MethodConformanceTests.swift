import Batches
import Encoders
import Foundation
import Kernels
import Methods
import NN
import Recipes
import Skeleton
import TensorCore
import Testing

@testable import Evaluation
@testable import Training

/// What holds for every method, at the smallest sizes of each recipe in `pipelines/pretrain`. A recipe that is added is
/// found by itself.
///
/// The number of threads is the program's, so these tests run one after the other.
@Suite(.serialized) struct MethodConformanceTests {
  /// The recipes of the folder.
  static let names: [String] = {
    let folder = RecipeTests.root.appendingPathComponent("pipelines/pretrain")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  /// The methods of the recipes, each with the names of those.
  static let methods = Dictionary(grouping: names) { name in
    (try? PretrainRecipe.provided(name, changing: []).method.kind) ?? "\(name), which cannot be read"
  }

  /// A recipe with a small encoder of its own kind, and small editions of what methods call large things.
  static func recipe(_ name: String) throws -> PretrainRecipe {
    let kind = try PretrainRecipe.provided(name, changing: []).encoder.kind
    // PCM3's prompts are eighths of a direction.
    let encoder =
      kind == GRUEncoderSettings.kind
      ? "{kind: gru, hidden: 8, layers: 1}"
      : try #require(
        EncoderRecipeTests.cases.first { $0.yaml.hasPrefix("{kind: \(kind),") }?.yaml,
        "EncoderRecipeTests has no small \(kind)")
    return try PretrainRecipe.provided(
      name,
      changing: [
        "batch=4", "input.frames=16", "encoder=\(encoder)", "method.queue=16", "method.projection=8",
        "method.hidden=8", "method.width=8", "method.decoder.hidden=8", "method.decoder.width=8",
        "method.decoder.layers=1", "method.prototypes=8", "checkpoint.keep_every=0", "probe.every=0",
        "method.prototypes.count=3", "method.prototypes.keys=12", "method.generated=5", "method.filling=0",
        "method.clusters=[7, 8]", "method.negatives=2", "method.partner.channels=8",
        // As many keys as its second stage mines.
      ] + (name.hasPrefix("cpm") ? ["method.queue=128"] : []))
  }

  /// A stage of a recipe: its model, and a batch of it.
  private struct Stage {
    let model: LearningModel
    let recipe: PretrainRecipe
    let epochs: Range<Int>

    /// All stages; the model of each has taken nothing over.
    static func all(of recipe: PretrainRecipe) throws -> [Stage] {
      try recipe.resolvedStages().map {
        Stage(
          model: try LearningModel($0.recipe, seed: 3), recipe: $0.recipe, epochs: $0.epochs)
      }
    }

    private static let clips = (0..<8).map { index in
      var random = KeyedRandom(seed: 1, sample: "\(index)", view: "test")
      return SkeletonClip(values: (0..<(24 * SkeletonClip.width)).map { _ in random.uniform(-1, 1) })
    }

    /// What a step and what moves by itself come to: loss, terms, gradients, statistics and memory.
    struct Outcome: Equatable {
      let loss: Float
      let terms: [String: Float]
      /// By the names of the parameters that have one.
      let gradients: [String: [Float]]
      let followers: [String: [Float]]
    }

    /// A step of an epoch from where the model is, which is then where it was.
    func step(_ epoch: Int, threads: Int) throws -> Outcome {
      let before = Kernels.threadCount
      let start = ParameterSnapshot(model.store.all + model.store.memory)
      defer {
        Kernels.setThreadCount(before)
        start.restore()
      }
      Kernels.setThreadCount(threads)
      let draw = BatchDraw(
        seed: 5, epoch: epoch, index: 0, names: ["a", "b", "c", "d"], clips: Array(Self.clips.prefix(4)))
      try model.method.begin(epoch: epoch) {
        let clips = Self.clips.map { $0.centreCrop(to: recipe.input.frames) }
        return model.features(Clips(SkeletonClip.stacked(clips)))
      }
      let progress = Double(epoch - epochs.lowerBound) / Double(epochs.count)
      var step = Step(seed: 5, epoch: epoch, progress: progress)
      model.method.step(model.views.batch(of: draw), &step)
      let gradients = model.store.parameters.compactMap { parameter in
        step.gradients[parameter.value].map { (parameter.name, $0.values) }
      }
      let followers = (model.store.all + model.store.memory).filter { !$0.isTrainable }
      return Outcome(
        loss: step.loss, terms: step.terms, gradients: Dictionary(uniqueKeysWithValues: gradients),
        followers: Dictionary(uniqueKeysWithValues: followers.map { ($0.name, $0.value.values) }))
    }
  }

  @Test func theFolderIsRead() {
    #expect(
      Self.names.count >= 25 && Set(Self.methods.keys).isSubset(of: MethodFamily.members.map { $0.kind }))
  }

  /// The same step again, and on other threads, is the same to the bit; it has terms that are declared, and a finite gradient
  /// for every parameter that learns, in one stage or another, and for no other. What is declared is met: in the first or the
  /// last epoch of a stage of one of the method's recipes.
  @Test(arguments: methods.keys.sorted()) func stepsAreWhatTheyAreSaidToBe(method: String) throws {
    var (declared, found): (Set<String>, Set<String>) = ([], [])
    for name in Self.methods[method] ?? [] {
      var (learning, taught): (Set<String>, Set<String>) = ([], [])
      for stage in try Stage.all(of: Self.recipe(name)) {
        let first = try stage.step(stage.epochs.lowerBound, threads: 1)
        let isSame = try stage.step(stage.epochs.lowerBound, threads: 4) == first
        #expect(isSame, "\(name): another step from the same place, with four threads")
        let own = Set(stage.model.store.parameters.filter(\.isTrainable).map(\.name))
        for one in [first, try stage.step(stage.epochs.upperBound - 1, threads: 1)] {
          #expect(one.loss.isFinite && one.terms.values.allSatisfy { $0.isFinite }, "\(name): \(one.terms)")
          #expect(one.gradients.values.allSatisfy { $0.allSatisfy { $0.isFinite } }, "\(name)")
          #expect(one.followers.values.allSatisfy { $0.allSatisfy { $0.isFinite } }, "\(name)")
          #expect(one.gradients.values.contains { $0.contains { $0 != 0 } }, "\(name)")
          #expect(Set(one.gradients.keys).isSubset(of: own), "\(name)")
          taught.formUnion(one.gradients.keys)
          found.formUnion(one.terms.keys)
        }
        learning.formUnion(own)
        declared.formUnion(stage.model.method.terms)
      }
      #expect(
        learning.subtracting(taught).sorted() == [], "\(name): parameters without a gradient in any stage")
    }
    #expect(found == declared, "terms of steps and of the method")
  }

  /// What a checkpoint says of its encoders makes the very encoders again, of every branch and stream.
  @Test(arguments: names) func checkpointsMakeTheirEncodersAgain(name: String) throws {
    var small = try SmallRun()
    small.recipe = try Self.recipe(name)
    var training = try small.training("run")
    #expect(try training { true } == .stopped)
    let records = training.model.records
    let read = try EncoderRecords(texts: EncoderRecords(records).texts, file: "records").records
    #expect(read == records)
    var random = KeyedRandom(seed: 2, view: "clips")
    let clips = Tensor((0..<(2 * 16 * 150)).map { _ in random.uniform(-1, 1) }, shape: [2, 16, 150])
    var seen: [[Float]] = []
    for record in records {
      let encoder = try FrozenEncoder(
        checkpoint: small.run("run").url, branch: record.branch, stream: record.stream)
      let features = encoder.features(of: clips).values
      #expect(features.count == 2 * encoder.featureCount && features.allSatisfy { $0.isFinite })
      // Several encoders of one stream and branch are told apart by nothing; the first is found.
      if encoder.record == record { seen.append(features) }
    }
    #expect(seen.first == training.model.features(Clips(clips)).values)
  }
}
