import Batches
import Encoders
import Foundation
import Methods
import NN
import Recipes
import Skeleton
import TensorCore
@testable import Training

/// A method by itself, without a run around it.
struct MethodAlone<Method: PretrainingMethod> {
  let method: Method
  let store: ParameterStore
  let views: ViewPlan
  let records: [EncoderRecord]
  private let encoder: any SkeletonEncoder

  init(
    _ settings: Method.Settings, _ encoder: any EncoderSettings, batch: Int = 4, frames: Int = 16,
    seed: UInt64
  ) throws {
    let build = MethodBuilder(
      MethodSurroundings(batch: batch, frames: frames, stream: .joint, encoder: Variant(encoder)),
      store: ParameterStore(seed: seed))
    method = try Method(settings, build)
    (store, views) = (build.store, build.views)
    records = build.encoders.map(\.record)
    self.encoder = build.encoders[0].encoder
  }

  /// A batch of noise of 20 frames a sample, so many of which follow each other again and again.
  func noise(_ count: Int = 4, distinctFrames: Int = 20) -> Batch {
    let clips = (0..<count).map { index in
      var random = KeyedRandom(seed: 1, sample: "\(index)", view: "test")
      let noise = (0..<(distinctFrames * SkeletonClip.width)).map { _ in random.uniform(-1, 1) }
      return SkeletonClip(values: (0..<(20 / distinctFrames)).flatMap { _ in noise })
    }
    let names = (0..<count).map { String(UnicodeScalar(UInt8(97 + $0))) }
    return views.batch(of: BatchDraw(seed: 5, epoch: 0, index: 0, names: names, clips: clips))
  }

  /// A step, after which all but the gradients is as it was before.
  func step(_ batch: Batch, keepsChanges: Bool = false) -> Step {
    let before = ParameterSnapshot(store.all.filter { !$0.isTrainable } + store.memory)
    var step = Step(seed: 5, isWatched: true)
    method.step(batch, &step)
    if !keepsChanges { before.restore() }
    return step
  }
}

extension GRUEncoderSettings {
  /// A small encoder.
  init(hidden: Int, layers: Int = 2) {
    self.init()
    (self.hidden, self.layers) = (hidden, layers)
  }
}

extension PretrainRecipe {
  /// The encoder's settings, of a recipe with a GRU.
  var gru: GRUEncoderSettings {
    get { encoder[as: GRUEncoderSettings.self] ?? GRUEncoderSettings() }
    set { encoder = Variant(newValue) }
  }

  /// The method's settings, of a recipe with PCM3++.
  var pcm3pp: PCM3PlusPlusSettings {
    get { method[as: PCM3PlusPlusSettings.self] ?? PCM3PlusPlusSettings() }
    set { method = Variant(newValue) }
  }

  /// How encoders become small for which nothing is meant that is said of a recurrent one.
  private static let small: [String: [String]] = [
    STGCNSettings.kind: ["encoder.hidden=4", "encoder.features=16"],
    HiCoEncoderSettings.kind: ["encoder.width=8", "encoder.heads=2", "encoder.granularities=2"],
    UmURLEncoderSettings.kind: ["encoder.width=8"],
    VisionTransformerSettings.kind: [
      "encoder.width=16", "encoder.layers=2", "encoder.heads=2", "method.decoder.width=8",
      "method.decoder.heads=2", "method.decoder.layers=1",
    ],
  ]

  /// A provided recipe with changes, of which those of settings that its method does not have are left out. An ST-GCN
  /// or a transformer becomes a small one of 16 features instead of what is said of a recurrent encoder.
  static func provided(_ name: String, changing overrides: [String]) throws -> PretrainRecipe {
    let file = RecipeTests.root.appendingPathComponent("pipelines/pretrain/\(name).yaml")
    let recipe = try PretrainRecipe(contentsOf: file)
    let own = small[recipe.encoder.kind]
    let isSmall = overrides.contains { $0.hasPrefix("encoder.") }
    let kept = (overrides + (isSmall ? own ?? [] : [])).filter { override in
      var changed = recipe
      if let own, override.hasPrefix("encoder."), !own.contains(override) { return false }
      return !override.hasPrefix("method.") || (try? changed.apply([override])) != nil
    }
    return try PretrainRecipe(file, changing: kept)
  }

  /// Makes the stages behind the first one of distillation, or none.
  mutating func distil(epochs: Int, rate: Float = 0.002) throws {
    let text =
      epochs == 0
      ? "[]"
      : "[{epochs: \(epochs), settings: {method: {weight: {contrast: 0}}, optimizer: {rate: \(rate), schedule: constant}}}]"
    try apply(["stages=\(text)"])
  }

  /// The rate of a step of an epoch of so many steps.
  func rate(epoch: Int, step: Int, steps: Int) throws -> Float {
    let stages = try resolvedStages()
    let stage = stages.first { $0.epochs.contains(epoch) } ?? stages[0]
    return stage.rates.plan.rate(epoch: epoch - stage.rates.first, step: step, steps: steps)
  }
}

/// What PCM3++ shows of a step.
extension Step {
  var contrast: [PCM3PlusPlus.View: Float] { terms("nce") }
  var distillation: [PCM3PlusPlus.View: Float] { terms("kl") }
  var prediction: Float? { terms["mse"] }
  var embeddings: [PCM3PlusPlus.View: Tensor] {
    byView { shown["embedding \($0)"] }
  }

  private func terms(_ kind: String) -> [PCM3PlusPlus.View: Float] { byView { terms["\(kind)_\($0)"] } }

  private func byView<Value>(_ value: (String) -> Value?) -> [PCM3PlusPlus.View: Value] {
    Dictionary(
      uniqueKeysWithValues: PCM3PlusPlus.View.allCases.compactMap { view in
        value(view.rawValue).map { (view, $0) }
      })
  }
}
