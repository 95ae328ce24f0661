import Batches
import Foundation
import NN
import Skeleton
import TensorCore
import Testing

@testable import Models

/// CMD against its equations written down again slowly, against PCM3++, and against differences of its own loss.
@Suite struct CMDTests {
  private static let streams: [SkeletonStream] = [.joint, .motion, .bone]
  private let batch: ContrastiveBatch
  private let settings: PCM3PlusPlusSettings
  private let queues: [FeatureQueue]

  init() {
    var views = ContrastiveViews()
    views.frameCount = 16
    views.pairs = CMDTests.streams
    let clips = (0..<4).map { index in
      var random = KeyedRandom(seed: 1, sample: "\(index)", view: "test")
      return SkeletonClip(values: (0..<(20 * SkeletonClip.width)).map { _ in random.uniform(-1, 1) })
    }
    batch = views.batch(of: clips, names: ["a", "b", "c", "d"], seed: 5, epoch: 0, index: 0)
    var settings = PCM3PlusPlusSettings()
    (settings.encoder.hidden, settings.encoder.layers) = (6, 2)
    (settings.projection, settings.queue, settings.nearest) = (5, 12, 0.5)
    self.settings = settings
    queues = ["queue", "queue_motion", "queue_bone"].map {
      FeatureQueue(count: 12, size: 5, seed: 3, name: $0)
    }
  }

  private func model(_ streams: [SkeletonStream] = streams) -> CMD {
    CMD(settings, streams: streams, seed: 9)
  }

  /// Rows of a tensor in double precision.
  private func rows(_ tensor: Tensor) -> [[Double]] {
    let width = tensor.shape[1]
    return (0..<tensor.shape[0]).map { row in
      tensor.values[(row * width)..<((row + 1) * width)].map(Double.init)
    }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { $0 * $1 }.reduce(0, +) }

  private func softmax(_ values: [Double]) -> [Double] {
    let exponentials = values.map { exp($0) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  @Test func theLossesAreThoseOfTheEquations() throws {
    let model = model()
    #expect(model.queues == ["queue", "queue_motion", "queue_bone"])
    let step = model.step(batch, queues: queues, contrast: true)
    var total = 0.0
    for (a, stream) in CMDTests.streams.enumerated() {
      let z = rows(try #require(step.embeddings[stream]))
      let own = (keys: rows(step.queued[a]), queue: rows(queues[a].rows))
      var (nce, kl) = (0.0, 0.0)
      for (row, embedding) in z.enumerated() {
        let logits = [dot(embedding, own.keys[row]) / 0.07] + own.queue.map { dot(embedding, $0) / 0.07 }
        nce -= log(softmax(logits)[0]) / 4
        for b in CMDTests.streams.indices where b != a {
          let seen = rows(queues[b].rows).map { dot(rows(step.queued[b])[row], $0) }
          let nearest = seen.indices.sorted { seen[$0] > seen[$1] }.prefix(6)
          let p = softmax(nearest.map { seen[$0] / 0.05 })
          let q = softmax(nearest.map { dot(embedding, own.queue[$0]) / 0.1 })
          kl += zip(p, q).map { $0 * log($0 / $1) }.reduce(0, +) / 4
        }
      }
      let found = (Double(step.contrast[stream] ?? 0), Double(step.distillation[stream] ?? 0))
      #expect(
        abs(found.0 - nce) < 1e-4 * nce && abs(found.1 - kl) < 1e-4 * kl, "\(stream): \(found) \(nce) \(kl)")
      total += nce + kl
    }
    #expect(abs(Double(step.loss) - total) < 1e-4 * total)
    #expect(Set(step.terms.keys) == Set(model.terms) && model.terms.count == 6)
  }

  /// The encoders read their own streams: what is derived from the query and the key, whose joints all streams share.
  @Test func theStreamsAreOfTheSameClips() {
    #expect(batch.pair(.joint).query.values == batch.query.values)
    #expect(batch.pair(.joint).key.values == batch.key.values)
    let first = SkeletonClip(values: Array(batch.key.values.prefix(16 * SkeletonClip.width)))
    for stream in [SkeletonStream.motion, .bone] {
      let derived = stream.derived(from: first).values
      #expect(Array(batch.pair(stream).key.values.prefix(derived.count)) == derived)
      #expect(batch.pair(stream).query.values != batch.query.values)
    }
  }

  /// Along the gradient of each stream's encoder the loss rises by the gradient's square.
  @Test(arguments: streams) func gradientsAreThoseOfDifferences(stream: SkeletonStream) {
    let model = model()
    let gradients = model.step(batch, queues: queues, contrast: true).gradients
    let own = model.store.parameters.filter { $0.name.hasPrefix("encoder_q\(stream.suffix).") }
    #expect(own.count == 2 + 2 * 2 * 4 + 4)
    let directions = own.map { gradients[$0.value]?.values ?? [] }
    let values = own.map(\.value.values)
    let square = directions.joined().map { Double($0) * Double($0) }.reduce(0, +)
    func loss(_ step: Float) -> Double {
      for (index, parameter) in own.enumerated() {
        let moved = zip(values[index], directions[index]).map { $0 + step * $1 }
        parameter.value = Tensor(moved, shape: parameter.value.shape)
      }
      return Double(model.step(batch, queues: queues, contrast: true).loss)
    }
    let length = Float(0.002 / square.squareRoot())
    let slope = (loss(length) - loss(-length)) / Double(2 * length)
    #expect(square > 0.01 && abs(slope - square) < 0.02 * square, "\(slope) against \(square)")
  }

  /// A stream that is alone learns from its own keys, as in PCM3++ whose only view is the whole sequence.
  @Test(arguments: [1, 0.5] as [Float]) func aLoneStreamIsPCM3PlusPlusOfOneView(nearest: Float) throws {
    var settings = settings
    settings.nearest = nearest
    let alone = CMD(settings, streams: [.joint], seed: 9)
    (settings.positives, settings.predictionWeight, settings.viewPrompts) = ([.base], 0, false)
    let other = PCM3PlusPlus(settings, seed: 9)
    #expect(alone.store.names == other.store.names)
    let step = alone.step(batch, queues: [queues[0]], contrast: true)
    let expected = other.step(batch, queue: queues[0])
    #expect(step.loss == expected.loss && step.queued[0].values == expected.keys.values)
    #expect(step.contrast[.joint] == expected.contrast[.base])
    #expect(step.distillation[.joint] == expected.distillation[.base])
    for (mine, theirs) in zip(alone.store.parameters, other.store.parameters) {
      #expect(step.gradients[mine.value]?.values == expected.gradients[theirs.value]?.values, "\(mine.name)")
    }
  }

  @Test func contrastAndDistillationComeAndGo() {
    let distilled = model().step(batch, queues: queues, contrast: false)
    #expect(distilled.contrast.isEmpty && distilled.distillation.count == 3)
    var settings = settings
    settings.distillationWeight = 0
    let contrasted = CMD(settings, streams: CMDTests.streams, seed: 9).step(
      batch, queues: queues, contrast: true)
    #expect(contrasted.distillation.isEmpty && contrasted.contrast.count == 3)
    let whole = model().step(batch, queues: queues, contrast: true)
    #expect(whole.contrast == contrasted.contrast && whole.distillation == distilled.distillation)
  }

  @Test func theKeyBranchesFollow() throws {
    let model = model()
    let names = model.store.parameters.map(\.name).filter { $0.hasPrefix("encoder_q") }
    for name in names {
      let query = try #require(model.store[name])
      let key = try #require(model.store[name.replacing("encoder_q", with: "encoder_k")])
      #expect(key.value.values == query.value.values && !key.isTrainable)
      query.value = query.value + Tensor(scalar: 1)
    }
    model.updateKeyBranch()
    for name in names {
      let query = try #require(model.store[name]).value.values
      let key = try #require(model.store[name.replacing("encoder_q", with: "encoder_k")]).value.values
      #expect(zip(query, key).allSatisfy { abs($0 - $1 - 0.999) < 1e-4 })
    }
  }
}
