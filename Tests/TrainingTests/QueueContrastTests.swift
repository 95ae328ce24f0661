import Batches
import Encoders
import Foundation
import Methods
import NN
import Recipes
import Skeleton
import TensorCore
import Testing
import Training

/// SkeletonCLR, AimCLR, CrosSCLR and SkeleMixCLR against their equations written down again slowly, and their gradients
/// against differences of their own losses.
@Suite struct QueueContrastTests {
  private func sizes(_ settings: inout MomentumContrastSettings) {
    (settings.projection, settings.queue) = (5, 12)
  }

  private func skeletonCLR() throws -> MethodAlone<SkeletonCLR> {
    var settings = SkeletonCLR.Settings()
    sizes(&settings.contrast)
    return try MethodAlone(settings, STGCNSettings.tiny, seed: 9)
  }

  private func aimCLR(mined: Int, drop: Float = 0.7) throws -> MethodAlone<AimCLR> {
    var settings = AimCLR.Settings()
    sizes(&settings.contrast)
    (settings.mined, settings.drop) = (mined, drop)
    return try MethodAlone(settings, STGCNSettings.tiny, seed: 9)
  }

  private func crosSCLR(mined: Int) throws -> MethodAlone<CrosSCLR> {
    var settings = CrosSCLR.Settings()
    sizes(&settings.contrast)
    settings.mined = mined
    return try MethodAlone(settings, STGCNSettings.tiny, seed: 9)
  }

  private func skeleMixCLR() throws -> MethodAlone<SkeleMixCLR> {
    var settings = SkeleMixCLR.Settings()
    sizes(&settings.contrast)
    settings.mixes = 2
    return try MethodAlone(settings, STGCNSettings.tiny, seed: 9)
  }

  @Test func skeletonCLRIsItsEquation() throws {
    let model = try skeletonCLR()
    let queue = try model.queue()
    let step = model.step(model.noise(), keepsChanges: true)
    let (z, keys) = (try model.rows(step, "embedding"), try model.rows(step, "keys"))
    Slowly.expect(step.loss, Slowly.nce(z, keys, queue, 0.07), "loss")
    // The first keys take the first places.
    #expect(try model.queue() == keys + queue.dropFirst(4))
    #expect(model.records.map(\.scope) == ["encoder_q", "encoder_k"])
  }

  @Test func theCopyFollowsBeforeItMakesKeys() throws {
    let model = try skeletonCLR()
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
      #expect(zip(query, key).allSatisfy { abs($0 - $1 - 0.999) < 1e-3 }, "\(name)")
    }
  }

  @Test(arguments: [0, 1, 2]) func aimCLRIsItsEquation(mined: Int) throws {
    let model = try aimCLR(mined: mined)
    let queue = try model.queue()
    let step = model.step(model.noise())
    let keys = try model.rows(step, "keys")
    let views = try ["query", "extreme", "drop"].map { try model.rows(step, "embedding \($0)") }
    let cosines = views.map { view in
      view.indices.map { row in ([keys[row]] + queue).map { Slowly.dot(view[row], $0) } }
    }
    let p = cosines.map { view in view.map { row in Slowly.softmax(row.map { $0 / 0.07 }) } }
    func following(_ view: Int) -> Double {
      Slowly.mean(
        (0..<4).map { row in -zip(p[0][row], p[view][row]).map { $0 * log($1) }.reduce(0, +) })
    }
    let nce = Slowly.mean(
      (0..<4).map { row in
        var positives: Set<Int> = [0]
        for view in cosines {
          let byCosine = (1...12).sorted { view[row][$0] > view[row][$1] }
          positives.formUnion(byCosine.prefix(mined))
        }
        return -positives.map { log(p[0][row][$0]) }.reduce(0, +) / Double(positives.count)
      })
    Slowly.expect(step.terms["nce"], nce, "nce")
    Slowly.expect(step.terms["ce_extreme"], following(1), "extreme")
    Slowly.expect(step.terms["ce_drop"], following(2), "drop")
    Slowly.expect(step.loss, nce + (following(1) + following(2)) / 2, "loss")
    #expect(views[1] != views[2] && views[0] != views[1])
  }

  /// Where nothing stands out enough, both extreme features are one.
  @Test func aimCLRDropsWhatStandsOut() throws {
    let model = try aimCLR(mined: 0, drop: 1)
    let step = model.step(model.noise())
    #expect(step.terms["ce_drop"] == step.terms["ce_extreme"])
  }

  @Test(arguments: [0, 1, 2]) func crosSCLRIsItsEquation(mined: Int) throws {
    let model = try crosSCLR(mined: mined)
    let streams = ["joint", "motion", "bone"]
    let queues = try ["queue", "queue_motion", "queue_bone"].map { try model.queue($0) }
    let step = model.step(model.noise())
    let z = try streams.map { try model.rows(step, "embedding \($0)") }
    let keys = try streams.map { try model.rows(step, "keys \($0)") }
    let similar = z.indices.map { a in z[a].map { row in queues[a].map { Slowly.dot(row, $0) } } }
    var total = 0.0
    for (a, stream) in streams.enumerated() {
      guard mined > 0 else {
        let nce = Slowly.nce(z[a], keys[a], queues[a], 0.07)
        Slowly.expect(step.terms["nce_\(stream)"], nce, stream)
        total += nce
        continue
      }
      var sum = 0.0
      for b in streams.indices where b != a {
        sum += Slowly.mean(
          (0..<4).map { row in
            let (own, other) = (similar[a][row], similar[b][row])
            let products = zip(own, other).map { $0 * $1 }
            let p = Slowly.softmax(([Slowly.dot(z[a][row], keys[a][row])] + own + products).map { $0 / 0.07 })
            let nearest = (0..<12).sorted { other[$0] > other[$1] }.prefix(mined)
            let positives = [0] + nearest.flatMap { [1 + $0, 13 + $0] }
            return -positives.map { log(p[$0]) }.reduce(0, +) / Double(positives.count)
          })
      }
      Slowly.expect(step.terms["nce_\(stream)"], sum, stream)
      total += sum / 2
    }
    Slowly.expect(step.loss, total, "loss")
    #expect(model.records.filter { $0.branch == .query }.map(\.stream) == [.joint, .motion, .bone])
  }

  @Test func skeleMixCLRIsItsEquation() throws {
    let model = try skeleMixCLR()
    let queue = try model.queue()
    let step = model.step(model.noise())
    let (z, keys) = (try model.rows(step, "embedding"), try model.rows(step, "keys"))
    var total = Slowly.nce(z, keys, queue, 0.2)
    Slowly.expect(step.terms["nce"], total, "nce")
    var sums = (pasted: 0.0, rest: 0.0)
    for number in 0..<2 {
      let pasted = try model.rows(step, "pasted \(number)")
      let rest = try model.rows(step, "rest \(number)")
      let partner = try #require(step.shown["partner \(number)"]).values.map { Int($0) }
      #expect(partner != [0, 1, 2, 3] && Set(partner).count == 4)
      sums.pasted += Slowly.nce(pasted, partner.map { keys[$0] }, queue, also: rest, 0.2)
      sums.rest += Slowly.nce(rest, keys, queue, also: pasted, 0.2)
    }
    Slowly.expect(step.terms["nce_pasted"], sums.pasted, "pasted")
    Slowly.expect(step.terms["nce_rest"], sums.rest, "rest")
    total += (sums.pasted + sums.rest) / 2
    Slowly.expect(step.loss, total, "loss")
  }

  @Test func gradientsAreThoseOfDifferences() throws {
    try skeletonCLR().withLargerHeads().expectGradients(below: "encoder_q")
    for suffix in ["", "_motion", "_bone"] {
      try crosSCLR(mined: 1).withLargerHeads().expectGradients(below: "encoder_q\(suffix)")
    }
  }

  /// What the query is similar to is a constant to the views that follow it.
  @Test func aimCLRsGradientsAreThoseOfDifferences() throws {
    let model = try aimCLR(mined: 1, drop: 1).withLargerHeads()
    let queue = try model.queue()
    func similar(_ step: Step, _ view: String) throws -> [[Double]] {
      let keys = try model.rows(step, "keys")
      return zip(try model.rows(step, "embedding \(view)"), keys).map { z, key in
        Slowly.softmax(([key] + queue).map { Slowly.dot(z, $0) / 0.07 })
      }
    }
    let target = try similar(model.step(model.noise()), "query")
    try model.expectGradients(below: "encoder_q") { step in
      let following = try ["extreme", "drop"].map { view in
        Slowly.mean(
          zip(target, try similar(step, view)).map { p, q in -zip(p, q).map { $0 * log($1) }.reduce(0, +) })
      }
      return Double(step.terms["nce"] ?? 0) + (following[0] + following[1]) / 2
    }
  }

  /// The feature that is one more negative is a constant.
  @Test func skeleMixCLRsGradientsAreThoseOfDifferences() throws {
    let model = try skeleMixCLR().withLargerHeads()
    let queue = try model.queue()
    let first = model.step(model.noise())
    try model.expectGradients(below: "encoder_q") { step in
      let keys = try model.rows(step, "keys")
      var total = Slowly.nce(try model.rows(step, "embedding"), keys, queue, 0.2)
      for number in 0..<2 {
        let partner = try #require(step.shown["partner \(number)"]).values.map { Int($0) }
        let (pasted, rest) = (
          try model.rows(step, "pasted \(number)"), try model.rows(step, "rest \(number)")
        )
        let others = (try model.rows(first, "rest \(number)"), try model.rows(first, "pasted \(number)"))
        total += Slowly.nce(pasted, partner.map { keys[$0] }, queue, also: others.0, 0.2) / 2
        total += Slowly.nce(rest, keys, queue, also: others.1, 0.2) / 2
      }
      return total
    }
  }

  @Test func queuesRefuseWhatDoesNotFit() throws {
    for (name, changes, place) in [
      ("aimclr", ["method.queue=130"], "method.queue"),
      ("crosclr", ["method.queue=128", "method.mined=200"], "method.mined"),
      ("crosclr", ["method.streams=[joint]"], "method.streams"),
      ("skelemixclr", ["input.frames=50"], "input.frames"),
    ] {
      var recipe = try PretrainRecipe.provided(name, changing: ["stages=[]"])
      try recipe.apply(changes)
      let error = #expect(throws: InputError.self, "\(changes)") { try recipe.checkConsistency(in: "recipe") }
      #expect(error?.place == place)
    }
  }
}
