import Batches
import Encoders
import Foundation
import Methods
import NN
import Recipes
import Skeleton
import TensorCore
import Testing

@testable import Training

/// Tasks by themselves, on an encoder without a method, with a batch of noise.
struct TasksAlone {
  let tasks: [any ContextTask]
  let encoder: TaskEncoder
  let store: ParameterStore
  let names: [String]
  let batch: Batch
  /// Clips of noise, (N, T, 150).
  let clips: Clips

  /// Tasks of some settings; the samples have 20 frames.
  init(
    _ settings: [any ContextTaskSettings], _ encoder: any EncoderSettings, frames: Int = 16, seed: UInt64 = 9,
    names: [String] = names(4), samples: [SkeletonClip]? = nil
  ) throws {
    let build = MethodBuilder(
      MethodSurroundings(batch: names.count, frames: frames, stream: .joint, encoder: Variant(encoder)),
      store: ParameterStore(seed: seed))
    let made = build.encoder(build.root / "encoder_q")
    let reader = TaskEncoder(made, build.input, .joint)
    tasks = try settings.map { try ContextTaskFamily.make(Variant($0), build, reader) }
    (self.encoder, store, self.names) = (reader, build.store, names)
    let noise = names.indices.map { index in
      var random = KeyedRandom(seed: 1, sample: "\(index)", view: "test")
      return SkeletonClip(values: (0..<(20 * SkeletonClip.width)).map { _ in random.uniform(-1, 1) })
    }
    clips = Clips(SkeletonClip.stacked(noise.map { $0.resampled(start: 0, length: 20, to: frames) }))
    batch = build.views.batch(
      of: BatchDraw(seed: 5, epoch: 0, index: 0, names: names, clips: samples ?? noise))
  }

  static func names(_ count: Int) -> [String] { (0..<count).map { String(UnicodeScalar(UInt8(97 + $0))) } }

  /// A step, after which all but the gradients is as it was before.
  func step() -> Step {
    let before = ParameterSnapshot(store.all.filter { !$0.isTrainable } + store.memory)
    var step = Step(seed: 5, progress: 0.5, isWatched: true)
    for task in tasks { task.learn(from: batch, &step) }
    before.restore()
    return step
  }

  /// What a ``TaskHead`` of a scope says of features, written slowly.
  func answers(_ features: [[Double]], _ scope: String) throws -> [[Double]] {
    func layer(_ number: Int, _ x: [Double]) throws -> [Double] {
      let weight = Slowly.rows(try #require(store["\(scope).\(number).weight"]).value)
      let bias = try #require(store["\(scope).\(number).bias"]).value.values.map(Double.init)
      return zip(weight, bias).map { Slowly.dot($0, x) + $1 }
    }
    return try features.map { try layer(2, try layer(0, $0).map { max($0, 0) }) }
  }

  /// Expects that along the gradient of the parameters below a scope the loss rises by the gradient's square.
  func expectGradients(
    below scope: String, length: Double = 0.0001, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let gradients = step().gradients
    let own = store.parameters.filter { $0.name.hasPrefix(scope + ".") }
    let directions = own.map { gradients[$0.value]?.values ?? [Float](repeating: 0, count: $0.value.count) }
    let start = own.map(\.value)
    let square = directions.joined().map { Double($0) * Double($0) }.reduce(0, +)
    func loss(_ length: Float) -> Double {
      for (index, parameter) in own.enumerated() {
        let moved = zip(start[index].values, directions[index]).map { $0 + length * $1 }
        parameter.value = Tensor(moved, shape: start[index].shape)
      }
      return Double(step().loss)
    }
    let reach = Float(length / square.squareRoot())
    let slope = (loss(reach) - loss(-reach)) / Double(2 * reach)
    for (parameter, value) in zip(own, start) { parameter.value = value }
    #expect(
      square > 1e-6 && abs(slope - square) < 0.03 * square, "\(scope): \(slope) against \(square)",
      sourceLocation: sourceLocation)
  }
}

/// An encoder whose feature is what it sees.
struct SeesAll: SkeletonEncoder {
  let featureCount: Int

  func callAsFunction(_ x: Clips, _ pass: Pass) -> Tensor { x.values.reshaped([x.count, featureCount]) }

  struct Settings: EncoderSettings {
    static let kind = "sees all"
    static let summary = "Its feature is what it sees."
    static let settings: [Setting<Settings>] = []

    func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
      SeesAll(featureCount: input.frames * input.layout.width)
    }
  }
}
