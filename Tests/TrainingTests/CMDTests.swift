import Batches
import Encoders
import Foundation
import Methods
import NN
import Recipes
import Skeleton
import TensorCore
import Testing

/// CMD against its equations written down again slowly, against PCM3++, and against differences of its own loss.
@Suite struct CMDTests {
  private static let streams: [SkeletonStream] = [.joint, .motion, .bone]

  private func settings(_ change: (inout CMD.Settings) -> Void = { _ in }) -> CMD.Settings {
    var settings = CMD.Settings()
    (settings.projection, settings.queue, settings.streams) = (5, 12, CMDTests.streams)
    change(&settings)
    return settings
  }

  private func model(_ change: (inout CMD.Settings) -> Void = { _ in }) throws -> MethodAlone<CMD> {
    try MethodAlone(settings(change), GRUEncoderSettings(hidden: 6), seed: 9)
  }

  /// The step of a model on noise.
  private func step(_ change: (inout CMD.Settings) -> Void = { _ in }) throws -> Step {
    let model = try model(change)
    return model.step(model.noise())
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
    let model = try model()
    let names = ["queue", "queue_motion", "queue_bone"]
    #expect(model.store.memory.map(\.name) == names.flatMap { [$0, "\($0)_ptr"] })
    let queues = try names.map { rows(try #require(model.store[$0]).value) }
    let step = model.step(model.noise())
    let keys = try CMDTests.streams.map { rows(try #require(step.shown["keys \($0)"])) }
    var total = 0.0
    for (a, stream) in CMDTests.streams.enumerated() {
      let z = rows(try #require(step.shown["embedding \(stream)"]))
      var (nce, kl) = (0.0, 0.0)
      for (row, embedding) in z.enumerated() {
        let logits = [dot(embedding, keys[a][row]) / 0.07] + queues[a].map { dot(embedding, $0) / 0.07 }
        nce -= log(softmax(logits)[0]) / 4
        for b in CMDTests.streams.indices where b != a {
          let seen = queues[b].map { dot(keys[b][row], $0) }
          let nearest = seen.indices.sorted { seen[$0] > seen[$1] }.prefix(6)
          let p = softmax(nearest.map { seen[$0] / 0.05 })
          let q = softmax(nearest.map { dot(embedding, queues[a][$0]) / 0.1 })
          kl += zip(p, q).map { $0 * log($0 / $1) }.reduce(0, +) / 4
        }
      }
      let found = (Double(step.terms["nce_\(stream)"] ?? 0), Double(step.terms["kl_\(stream)"] ?? 0))
      #expect(
        abs(found.0 - nce) < 1e-4 * nce && abs(found.1 - kl) < 1e-4 * kl, "\(stream): \(found) \(nce) \(kl)")
      total += nce + kl
    }
    #expect(abs(Double(step.loss) - total) < 1e-4 * total)
    #expect(Set(step.terms.keys) == Set(model.method.terms) && model.method.terms.count == 6)
  }

  /// Evaluations find an encoder for each stream and branch, the first stream's first.
  @Test func everyEncoderIsRecorded() throws {
    let records = try model().records
    #expect(records.filter { $0.branch == .query }.map(\.stream) == CMDTests.streams)
    #expect(
      records.filter { $0.branch == .key }.map(\.scope) == [
        "encoder_k", "encoder_k_motion", "encoder_k_bone",
      ])
  }

  /// Along the gradient of each stream's encoder the loss rises by the gradient's square.
  @Test(arguments: streams) func gradientsAreThoseOfDifferences(stream: SkeletonStream) throws {
    let model = try model { $0.keyMomentum = 1 }
    let batch = model.noise()
    let gradients = model.step(batch).gradients
    let own = model.store.parameters.filter { $0.name.hasPrefix("encoder_q\(stream.suffix).") }
    #expect(own.count == 2 + 2 * 2 * 4 + 4)
    let directions = own.map { gradients[$0.value]?.values ?? [] }
    let values = own.map(\.value.values)
    let square = directions.joined().map { Double($0) * Double($0) }.reduce(0, +)
    func loss(_ length: Float) -> Double {
      for (index, parameter) in own.enumerated() {
        let moved = zip(values[index], directions[index]).map { $0 + length * $1 }
        parameter.value = Tensor(moved, shape: parameter.value.shape)
      }
      return Double(model.step(batch).loss)
    }
    let length = Float(0.002 / square.squareRoot())
    let slope = (loss(length) - loss(-length)) / Double(2 * length)
    #expect(square > 0.01 && abs(slope - square) < 0.02 * square, "\(slope) against \(square)")
  }

  /// A stream that is alone learns from its own keys, as in PCM3++ whose only view is the whole sequence.
  @Test(arguments: [1, 0.5] as [Float]) func aLoneStreamIsPCM3PlusPlusOfOneView(nearest: Float) throws {
    let alone = try model { ($0.streams, $0.contrast.nearest) = ([.joint], nearest) }
    var settings = PCM3PlusPlusSettings()
    (settings.projection, settings.queue, settings.contrast.nearest) = (5, 12, nearest)
    (settings.positives, settings.predictionWeight, settings.viewPrompts) = ([.base], 0, false)
    let other = try MethodAlone<PCM3PlusPlus>(settings, GRUEncoderSettings(hidden: 6), seed: 9)
    #expect(alone.store.names == other.store.names)
    let (step, expected) = (alone.step(alone.noise()), other.step(other.noise()))
    #expect(step.loss == expected.loss)
    #expect(step.shown["keys joint"]?.values == expected.shown["keys"]?.values)
    #expect(step.terms["nce_joint"] == expected.terms["nce_base"])
    #expect(step.terms["kl_joint"] == expected.terms["kl_base"])
    for (mine, theirs) in zip(alone.store.parameters, other.store.parameters) {
      #expect(step.gradients[mine.value]?.values == expected.gradients[theirs.value]?.values, "\(mine.name)")
    }
  }

  @Test func contrastAndDistillationComeAndGo() throws {
    let distilled = try step { $0.contrastWeight = 0 }.terms
    #expect(distilled.count == 3 && distilled.keys.allSatisfy { $0.hasPrefix("kl") })
    let contrasted = try step { $0.distillationWeight = 0 }.terms
    #expect(contrasted.count == 3 && contrasted.keys.allSatisfy { $0.hasPrefix("nce") })
    #expect(try step().terms == distilled.merging(contrasted) { own, _ in own })
  }

  @Test func theKeyBranchesFollow() throws {
    let model = try model()
    let names = model.store.parameters.map(\.name).filter { $0.hasPrefix("encoder_q") }
    for name in names {
      let query = try #require(model.store[name])
      let key = try #require(model.store[name.replacing("encoder_q", with: "encoder_k")])
      #expect(key.value.values == query.value.values && !key.isTrainable)
      query.value = query.value + Tensor(scalar: 1)
    }
    _ = model.step(model.noise(), keepsChanges: true)
    for name in names {
      let query = try #require(model.store[name]).value.values
      let key = try #require(model.store[name.replacing("encoder_q", with: "encoder_k")]).value.values
      #expect(zip(query, key).allSatisfy { abs($0 - $1 - 0.999) < 1e-4 })
    }
  }
}
