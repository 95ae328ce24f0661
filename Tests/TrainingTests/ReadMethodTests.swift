import Encoders
import Foundation
import Methods
import Skeleton
import TensorCore
import Testing

@testable import Batches
@testable import NN
@testable import Training

/// CPM, Eq-Contrast and tuning by nearest neighbours against their equations written down again slowly, and their gradients
/// against differences.
@Suite struct ReadMethodTests {
  private func cpm(mined: Int) throws -> MethodAlone<CPM> {
    var settings = CPM.Settings()
    (settings.contrast.projection, settings.contrast.queue, settings.mined) = (5, 12, mined)
    return try MethodAlone(settings, STGCNSettings.tiny, seed: 9)
  }

  private func eqContrast() throws -> MethodAlone<EqContrast> {
    var settings = EqContrast.Settings()
    (settings.contrast.projection, settings.contrast.queue, settings.orders) = (5, 12, 2)
    return try MethodAlone(settings, STGCNSettings.tiny, seed: 9)
  }

  private func tuning() throws -> MethodAlone<NeighbourTuning> {
    var settings = NeighbourTuning.Settings()
    (settings.projection, settings.queue, settings.crop) = (5, 12, 0.5...1)
    return try MethodAlone(settings, STGCNSettings.tiny, seed: 9)
  }

  @Test(arguments: [0, 3]) func cpmIsItsEquation(mined: Int) throws {
    let model = try cpm(mined: mined)
    let step = model.step(model.noise(), keepsChanges: true)
    let (z, keys) = (try model.rows(step, "embedding"), try model.rows(step, "keys"))
    let queue = try model.queue()
    #expect(Array(queue.prefix(4)) == keys)
    let loss = Slowly.mean(
      (0..<4).map { row in
        let similar = queue.map { Slowly.dot(keys[row], $0) }
        var target = Slowly.softmax(similar.map { $0 / 0.05 })
        let nearest = similar.indices.sorted { similar[$0] > similar[$1] }.prefix(mined)
        if mined > 0 {
          let mean = Slowly.mean(nearest.map { target[$0] })
          for column in nearest { target[column] = mean }
        }
        let own = Slowly.softmax(queue.map { Slowly.dot(z[row], $0) / 0.1 })
        return -zip(target, own).map { $0 * log($1) }.reduce(0, +)
      })
    Slowly.expect(step.loss, loss, "loss")
    for scope in ["encoder_q", "predictor"] {
      try cpm(mined: mined).withLargerHeads().expectGradients(below: scope)
    }
  }

  @Test func eqContrastIsItsEquation() throws {
    let model = try eqContrast()
    let queue = try model.queue()
    let batch = model.noise()
    let step = model.step(batch)
    func z(_ name: String) throws -> [[Double]] { try model.rows(step, "embedding \(name)") }
    let keys = try model.rows(step, "keys")
    func p(_ name: String) throws -> [[Double]] {
      zip(try z(name), keys).map { z, key in
        Slowly.softmax(([key] + queue).map { Slowly.dot(z, $0) / 0.07 })
      }
    }
    let nce = Slowly.nce(try z("query"), keys, queue, 0.07)
    let strong = Slowly.mean(
      zip(try p("query"), try p("strong")).map { p, q in -zip(p, q).map { $0 * log($1) }.reduce(0, +) })
    let mix = Slowly.nce(try z("mix"), try model.rows(step, "keys mix"), queue, 0.07)
    let others = try (0..<2).map { try model.rows(step, "keys other \($0)") }
    let (turned, second) = (try z("order"), try model.rows(step, "keys order"))
    let order = Slowly.mean(
      (0..<4).map { row in
        let all = [second[row]] + queue + others.map { $0[row] }
        return -log(Slowly.softmax(all.map { Slowly.dot(turned[row], $0) / 0.07 })[0])
      })
    Slowly.expect(step.terms["nce"], nce, "nce")
    Slowly.expect(step.terms["ce_strong"], strong, "strong")
    Slowly.expect(step.terms["nce_mix"], mix, "mix")
    Slowly.expect(step.terms["nce_order"], order, "order")
    Slowly.expect(step.loss, nce + strong + mix + order, "loss")
    #expect(others[0] != others[1] && others[0] != second)
  }

  /// What is followed is a constant to what follows it.
  @Test func eqContrastsGradientsAreThoseOfDifferences() throws {
    let model = try eqContrast().withLargerHeads()
    let queue = try model.queue()
    func p(_ step: Step, _ name: String) throws -> [[Double]] {
      zip(try model.rows(step, "embedding \(name)"), try model.rows(step, "keys")).map { z, key in
        Slowly.softmax(([key] + queue).map { Slowly.dot(z, $0) / 0.07 })
      }
    }
    let target = try p(model.step(model.noise()), "query")
    try model.expectGradients(below: "encoder_q") { step in
      let strong = Slowly.mean(
        zip(target, try p(step, "strong")).map { p, q in -zip(p, q).map { $0 * log($1) }.reduce(0, +) })
      return ["nce", "nce_mix", "nce_order"].reduce(strong) { $0 + Double(step.terms[$1] ?? 0) }
    }
  }

  /// Thirds of 20 frames are 6, 7 and 7 long, and none is lost.
  @Test func segmentsAreReordered() {
    let clip = SkeletonClip(
      values: (0..<20).flatMap { [Float](repeating: Float($0), count: SkeletonClip.width) })
    let order = clip.reordered([2, 0, 1])
    let frames = stride(from: 0, to: order.values.count, by: SkeletonClip.width).map { Int(order.values[$0]) }
    #expect(frames == Array(13..<20) + Array(0..<6) + Array(6..<13))
    #expect(clip.reordered([0, 1, 2]) == clip)
  }

  @Test func tuningIsItsEquation() throws {
    let model = try tuning()
    let queue = try model.queue()
    let step = model.step(model.noise(), keepsChanges: true)
    let z = try (0..<2).map { try model.rows(step, "projection \($0)") }
    let p = try (0..<2).map { try model.rows(step, "prediction \($0)") }
    let losses = [(0, 1), (1, 0)].map { view, other in
      Slowly.mean(
        (0..<4).map { row in
          let nearest = queue.max { Slowly.dot($0, z[view][row]) < Slowly.dot($1, z[view][row]) } ?? []
          return -log(Slowly.softmax(p[other].map { Slowly.dot(nearest, $0) / 0.1 })[row])
        })
    }
    Slowly.expect(step.loss, (losses[0] + losses[1]) / 2, "loss")
    #expect(try model.queue() == z[0] + queue.dropFirst(4))
    for scope in ["encoder_q", "projector", "predictor"] { try tuning().expectGradients(below: scope) }
  }

  /// The encoder of the stage before goes on.
  @Test func tuningGoesOnWithTheEncoder() throws {
    var small = try SmallRun()
    small.recipe = try PretrainRecipe.provided(
      "nnclr-small",
      changing: [
        "batch=4", "epochs=1", "input.frames=16", "encoder.hidden=4", "method.queue=16",
        "optimizer.milestones=[1]",
        "stages=[{epochs: 1, optimizer: false, settings: {method: {kind: nnclr, projection: 5, queue: 16}, optimizer: {kind: adamw, rate: 0.0, schedule: constant}}}]",
      ])
    var training = try small.training("run")
    try training()
    let first = try Safetensors(contentsOf: small.run("run").checkpoint)
    #expect(first.entries.contains { $0.name == "predictor.3.weight" })
    #expect(!first.entries.contains { $0.name.hasPrefix("encoder_k") })
    // At a rate of 0 the weights are those of the first stage.
    small.recipe = try PretrainRecipe.provided(
      "nnclr-small",
      changing: [
        "batch=4", "epochs=1", "input.frames=16", "encoder.hidden=4", "method.queue=16",
        "optimizer.milestones=[1]", "stages=[]",
      ])
    var alone = try small.training("alone")
    try alone()
    let name = "encoder_q.st_gcn_networks.4.gcn.conv.weight"
    #expect(
      training.model.store[name]?.value.values == alone.model.store[name]?.value.values
        && alone.model.store[name] != nil)
  }

  private func pcrp() throws -> MethodAlone<PCRP> {
    var settings = PCRP.Settings()
    (settings.decoder, settings.clusters, settings.negatives) = (5, [7, 9], 3)
    var encoder = GRUEncoderSettings(hidden: 6)
    encoder.isNormalized = false
    return try MethodAlone(settings, encoder, seed: 9)
  }

  private func features() -> Tensor {
    var random = KeyedRandom(seed: 4, view: "features")
    return Tensor((0..<(30 * 12)).map { _ in random.uniform(-1, 1) }, shape: [30, 12])
  }

  @Test func pcrpIsItsEquation() throws {
    let model = try pcrp()
    try model.method.begin(epoch: 0) { features() }
    let batch = model.noise()
    let step = model.step(batch)
    let h = try model.rows(step, "feature")
    var total = 0.0
    for (number, count) in [7, 9].enumerated() {
      let centres = Slowly.rows(try #require(model.store["centres_\(number)"]).value)
      let spread = try #require(model.store["concentrations_\(number)"]).value.values.map(Double.init)
      #expect(centres.count == count && abs(Slowly.mean(spread) - 0.2) < 1e-5)
      let chosen = try #require(step.shown["chosen \(number)"]).values.map { Int($0) }
      let nearest = h.map { row in
        centres.indices.min { a, b in
          func square(_ i: Int) -> Double { zip(row, centres[i]).map { ($0 - $1) * ($0 - $1) }.reduce(0, +) }
          return square(a) < square(b)
        }
      }
      #expect(
        chosen.prefix(4).map { $0 } == nearest && Set(chosen.suffix(3)).isDisjoint(with: chosen.prefix(4)))
      #expect(chosen.count == 7 && Set(chosen.suffix(3)).count == 3)
      total += Slowly.mean(
        h.indices.map { row in
          let logits = chosen.map { place in
            Slowly.dot(h[row], centres[place]) / Slowly.dot(centres[place], centres[place]).squareRoot()
              / spread[place]
          }
          return -log(Slowly.softmax(logits)[row])
        })
    }
    Slowly.expect(step.terms["prototypes"], total, "prototypes")
    #expect(abs(Double(step.loss) - Double(step.terms["l1"] ?? 0) - total / 2) < 1e-3)
    for scope in ["encoder_q", "decoder", "reconstruction"] {
      let model = try pcrp()
      try model.method.begin(epoch: 0) { features() }
      try model.expectGradients(below: scope, length: 0.001)
    }
  }

  @Test func pcrpRefusesMoreClustersThanSequences() throws {
    let model = try pcrp()
    let error = #expect(throws: InputError.self) {
      try model.method.begin(epoch: 0) { features().rows(Array(0..<8)) }
    }
    #expect(error?.place == "method.clusters")
  }

  /// Two clusters of two and one of one row, by hand.
  @Test func concentrationsAreThoseOfTheFormula() {
    let clusters = Clusters(
      centres: Tensor([0, 10, 50], shape: [3, 1]), numbers: [0, 0, 1, 1, 2], distances: [1, 1, 9, 25, 0])
    let own = [1 / log(12.0), 4 / log(12.0), 4 / log(12.0)]
    // The tenth of hundred lies a fifth of the way from the first to the second.
    let clipped = [own[0] + 0.2 * (own[1] - own[0]), own[1], own[2]]
    let mean = Slowly.mean(clipped)
    for (found, expected) in zip(clusters.concentrations(mean: 0.2), clipped) {
      #expect(abs(Double(found) - 0.2 * expected / mean) < 1e-6)
    }
  }
}
