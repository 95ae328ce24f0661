import Encoders
import Foundation
import Methods
import NN
import Skeleton
import TensorCore
import Testing
import Training

/// HiCLR, AS-CAL and HaLP against their equations written down again slowly, and their gradients against differences.
@Suite struct MadePositiveTests {
  private func hiCLR(mined: Int) throws -> MethodAlone<HiCLR> {
    var settings = HiCLR.Settings()
    (settings.contrast.projection, settings.contrast.queue, settings.mined) = (5, 12, mined)
    return try MethodAlone(settings, STGCNSettings.tiny, seed: 9)
  }

  private func asCAL(filling: Int) throws -> MethodAlone<ASCAL> {
    var settings = ASCAL.Settings()
    (settings.contrast.queue, settings.filling) = (12, filling)
    var encoder = LSTMEncoderSettings()
    (encoder.hidden, encoder.centre) = (7, 1)
    return try MethodAlone(settings, encoder, seed: 9)
  }

  private func haLP(weight: Float = 2) throws -> MethodAlone<HaLP> {
    var settings = HaLP.Settings()
    (settings.contrast.projection, settings.contrast.queue, settings.weight) = (5, 12, weight)
    (settings.prototypes, settings.recent, settings.generated) = (4, 8, 6)
    return try MethodAlone(settings, GRUEncoderSettings(hidden: 6), seed: 9)
  }

  /// softmax([z·k, z·queue] / τ) of a view of a step.
  private func similar<Method>(
    _ model: MethodAlone<Method>, _ step: Step, _ view: String, _ queue: [[Double]]
  ) throws -> [[Double]] {
    zip(try model.rows(step, "embedding \(view)"), try model.rows(step, "keys")).map { z, key in
      Slowly.softmax(([key] + queue).map { Slowly.dot(z, $0) / 0.07 })
    }
  }

  private func crossEntropy(_ p: [[Double]], _ q: [[Double]]) -> Double {
    Slowly.mean(zip(p, q).map { p, q in -zip(p, q).map { $0 * log($1) }.reduce(0, +) })
  }

  @Test(arguments: [0, 2]) func hiCLRIsItsEquation(mined: Int) throws {
    let model = try hiCLR(mined: mined)
    let queue = try model.queue()
    let step = model.step(model.noise())
    let p = try ["query", "strong", "masked"].map { try similar(model, step, $0, queue) }
    let nce = Slowly.mean(
      (0..<4).map { row in
        var positives: Set<Int> = [0]
        for view in p { positives.formUnion((1...12).sorted { view[row][$0] > view[row][$1] }.prefix(mined)) }
        return -positives.map { log(p[0][row][$0]) }.reduce(0, +) / Double(positives.count)
      })
    let (strong, masked) = (crossEntropy(p[0], p[1]), crossEntropy(p[1], p[2]))
    Slowly.expect(step.terms["nce"], nce, "nce")
    Slowly.expect(step.terms["ce_strong"], strong, "strong")
    Slowly.expect(step.terms["ce_masked"], masked, "masked")
    Slowly.expect(step.loss, nce + (strong + masked) / 2, "loss")
  }

  /// What is followed is a constant to what follows it, and the number in place of joints is learned.
  @Test func hiCLRsGradientsAreThoseOfDifferences() throws {
    let model = try hiCLR(mined: 1).withLargerHeads()
    let queue = try model.queue()
    let first = model.step(model.noise())
    let targets = try ["query", "strong"].map { try similar(model, first, $0, queue) }
    // A single number moves the loss so little that the difference has two digits.
    for (scope, tolerance) in [("encoder_q", 0.03), ("joint_mask", 0.15)] {
      try model.expectGradients(below: scope, tolerance: tolerance) { step in
        let strong = crossEntropy(targets[0], try similar(model, step, "strong", queue))
        let masked = crossEntropy(targets[1], try similar(model, step, "masked", queue))
        return Double(step.terms["nce"] ?? 0) + (strong + masked) / 2
      }
    }
  }

  @Test func asCALIsItsEquation() throws {
    let model = try asCAL(filling: 0)
    let queue = try model.queue()
    #expect(queue.count == 12 && queue[0].count == 7)
    let step = model.step(model.noise(), keepsChanges: true)
    let (z, keys) = (try model.rows(step, "embedding"), try model.rows(step, "keys"))
    Slowly.expect(step.loss, Slowly.nce(z, keys, queue, 0.06), "loss")
    // Keys are kept as they are.
    #expect(try model.queue() == keys + queue.dropFirst(4))
    #expect(keys.contains { abs(Slowly.dot($0, $0) - 1) > 0.1 })
    try asCAL(filling: 0).expectGradients(below: "encoder_q", length: 0.003)
  }

  /// At first the memory fills, and nothing is learned.
  @Test func asCALsFirstEpochFillsTheMemory() throws {
    let model = try asCAL(filling: 1)
    let step = model.step(model.noise(), keepsChanges: true)
    #expect(step.terms["nce"] ?? 0 > 0)
    #expect(model.store.parameters.allSatisfy { step.gradients[$0.value] == nil })
    #expect(try model.queue().prefix(4) == model.rows(step, "keys")[...])
  }

  @Test func haLPIsItsEquation() throws {
    let model = try haLP()
    let queue = try model.queue()
    let step = model.step(model.noise())
    let (z, keys) = (try model.rows(step, "embedding"), try model.rows(step, "keys"))
    let (centres, made) = (try model.rows(step, "prototypes"), try model.rows(step, "positives"))
    #expect(centres.allSatisfy { abs(Slowly.dot($0, $0) - 1) < 1e-5 } && made.count == 24)
    func nearest(_ row: [Double]) -> Int? {
      centres.indices.max { Slowly.dot(row, centres[$0]) < Slowly.dot(row, centres[$1]) }
    }
    let kept = made.indices.filter { nearest(made[$0]) == nearest(keys[$0 / 6]) }
    #expect(kept.count >= 20 && made.indices.allSatisfy { Slowly.dot(made[$0], keys[$0 / 6]) < 0.99999 })
    let positives = -Slowly.mean(kept.map { Slowly.dot(z[$0 / 6], made[$0]) / 0.07 })
    let nce = Slowly.nce(z, keys, queue, 0.07)
    Slowly.expect(step.terms["nce"], nce, "nce")
    Slowly.expect(step.terms["positives"], positives, "positives")
    #expect(abs(Double(step.loss) - nce - 2 * positives) < 1e-4 * abs(positives))
    let plain = try haLP(weight: 0)
    #expect(plain.step(plain.noise()).terms.keys.sorted() == ["nce"])
    try haLP().expectGradients(below: "encoder_q")
  }

  /// A draw of 0 goes to where another prototype is as near as the key's own.
  @Test func madePositivesStayBehindTheBorder() {
    var random = KeyedRandom(seed: 3, view: "keys")
    func directions(_ count: Int) -> Tensor {
      Tensor((0..<(count * 6)).map { _ in random.normal() }, shape: [count, 6]).normalizedRows()
    }
    let (keys, prototypes) = (directions(40), directions(5))
    let picks = (0..<160).map { $0 % 4 }
    let made = PrototypePositives(
      keys: keys, prototypes: prototypes, picks: picks, draws: [Float](repeating: 0, count: 160))
    let (rows, centres, own) = (
      Slowly.rows(made.rows), Slowly.rows(prototypes), Slowly.rows(keys)
    )
    for (index, row) in rows.enumerated() {
      let key = own[index / 4]
      let order = centres.indices.sorted { Slowly.dot(key, centres[$0]) < Slowly.dot(key, centres[$1]) }
      let gap = Slowly.dot(row, centres[order[4]]) - Slowly.dot(row, centres[order[picks[index]]])
      #expect(abs(gap) < 1e-4)
    }
  }
}
