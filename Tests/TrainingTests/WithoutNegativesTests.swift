import Encoders
import Foundation
import Methods
import NN
import Recipes
import Skeleton
import TensorCore
import Testing
import Training

/// PSTL and HYSP against their equations written down again slowly, and their gradients against differences.
@Suite struct WithoutNegativesTests {
  private func pstl(_ partners: [PSTL.Partner]) throws -> MethodAlone<PSTL> {
    var settings = PSTL.Settings()
    (settings.projection, settings.partners) = (6, partners)
    return try MethodAlone(settings, STGCNSettings.tiny, seed: 9)
  }

  private func hysp(_ change: (inout HYSP.Settings) -> Void = { _ in }) throws -> MethodAlone<HYSP> {
    var settings = HYSP.Settings()
    settings.projection = 6
    change(&settings)
    return try MethodAlone(settings, STGCNSettings.tiny, seed: 9)
  }

  /// Columns with mean 0 and variance 1.
  private func standardised(_ rows: [[Double]]) -> [[Double]] {
    let columns = rows[0].indices.map { column -> [Double] in
      let values = rows.map { $0[column] }
      let mean = Slowly.mean(values)
      let variance = Slowly.mean(values.map { ($0 - mean) * ($0 - mean) })
      return values.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
    }
    return rows.indices.map { row in columns.map { $0[row] } }
  }

  @Test(arguments: [[.frames, .joints], [.whole]] as [[PSTL.Partner]])
  func pstlIsItsEquation(partners: [PSTL.Partner]) throws {
    let model = try pstl(partners)
    let step = model.step(model.noise())
    let z = standardised(try model.rows(step, "projection"))
    var total = 0.0
    for partner in partners {
      let other = standardised(try model.rows(step, "projection \(partner)"))
      var loss = 0.0
      for i in 0..<6 {
        for j in 0..<6 {
          let correlation = Slowly.mean(z.indices.map { z[$0][i] * other[$0][j] })
          loss += i == j ? (correlation - 1) * (correlation - 1) : 2e-4 * correlation * correlation
        }
      }
      Slowly.expect(step.terms["bt_\(partner)"], loss, "\(partner)")
      total += loss
    }
    Slowly.expect(step.loss, total, "loss")
  }

  @Test func hyspIsItsEquation() throws {
    func distances(_ step: Step, _ model: MethodAlone<HYSP>) throws -> (cosine: Double, poincare: Double) {
      var sums = (0.0, 0.0)
      for (own, other) in [(0, 1), (1, 0)] {
        let p = try model.rows(step, "prediction \(own)")
        let t = try model.rows(step, "target \(other)")
        for (p, t) in zip(p, t) {
          let (a, b) = (Slowly.dot(p, p).squareRoot(), Slowly.dot(t, t).squareRoot())
          sums.0 += (2 - 2 * Slowly.dot(p, t) / (a * b)) / 8
          let x = p.map { $0 * min(tanh(a), 1 - 1e-5) / a }
          let y = t.map { $0 * min(tanh(b), 1 - 1e-5) / b }
          // The distance by its other formula, arcosh(1 + 2 |x - y|² / ((1 - |x|²) (1 - |y|²))).
          let gap = zip(x, y).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
          sums.1 += acosh(1 + 2 * gap / ((1 - Slowly.dot(x, x)) * (1 - Slowly.dot(y, y)))) / 8
        }
      }
      return sums
    }
    let early = try hysp()
    var step = early.step(early.noise())
    var expected = try distances(step, early)
    #expect(step.terms.keys.sorted() == ["cosine"])
    Slowly.expect(step.loss, expected.cosine, "BYOL")

    let half = try hysp { ($0.start, $0.length) = (-1, 2) }
    step = half.step(half.noise())
    expected = try distances(step, half)
    Slowly.expect(step.terms["cosine"], expected.cosine, "cosine")
    Slowly.expect(step.terms["poincare"], expected.poincare, "poincare")
    Slowly.expect(step.loss, (expected.cosine + expected.poincare) / 2, "half")

    let late = try hysp { ($0.start, $0.length) = (-5, 2) }
    step = late.step(late.noise())
    #expect(step.terms.keys.sorted() == ["poincare"])
    Slowly.expect(step.loss, try distances(step, late).poincare, "late")
    let never = try hysp { ($0.start, $0.isHyperbolic) = (-5, false) }
    #expect(never.step(never.noise()).terms.keys.sorted() == ["cosine"])
  }

  /// SimSiam's targets are the encoder's own projections, through which nothing is learned.
  @Test func simSiamIsItsEquation() throws {
    let model = try hysp { ($0.hasCopy, $0.isHyperbolic) = (false, false) }
    #expect(model.store.parameters.allSatisfy { !$0.name.hasPrefix("encoder_k") && $0.isTrainable })
    #expect(model.records.map(\.scope) == ["encoder_q"])
    let first = model.step(model.noise())
    func loss(_ step: Step) throws -> Double {
      var sum = 0.0
      for (own, other) in [(0, 1), (1, 0)] {
        let p = try model.rows(step, "prediction \(own)")
        let t = try model.rows(first, "target \(other)")
        for (p, t) in zip(p, t) {
          sum += (2 - 2 * Slowly.dot(p, t) / (Slowly.dot(p, p) * Slowly.dot(t, t)).squareRoot()) / 8
        }
      }
      return sum
    }
    Slowly.expect(first.loss, try loss(first), "SimSiam")
    for scope in ["encoder_q", "predictor"] { try model.expectGradients(below: scope, total: loss) }
  }

  /// The copy moves behind the forward pass: what it makes in a step is what it was before.
  @Test func theCopyFollowsAtTheEndOfAStep() throws {
    let model = try hysp { $0.keyMomentum = 0 }
    let names = model.store.parameters.map(\.name).filter { $0.hasPrefix("encoder_q") }
    let before = model.step(model.noise()).shown["target 0"]?.values
    for name in names { try #require(model.store[name]).value = try #require(model.store[name]).value * 0.5 }
    let step = model.step(model.noise(), keepsChanges: true)
    #expect(step.shown["target 0"]?.values == before && before != nil)
    for name in names {
      let key = try #require(model.store[name.replacing("encoder_q", with: "encoder_k")])
      #expect(key.value.values == model.store[name]?.value.values, "\(name)")
    }
  }

  @Test func gradientsAreThoseOfDifferences() throws {
    for scope in ["encoder_q", "projector"] { try pstl([.frames, .joints]).expectGradients(below: scope) }
    for scope in ["encoder_q", "predictor"] {
      try hysp { ($0.start, $0.length) = (-1, 2) }.expectGradients(below: scope)
    }
  }

  @Test func partsRefuseWhatDoesNotFit() throws {
    for (changes, place) in [
      (["method.partners=[joints, joints]"], "method.partners"),
      (["method.frames.dropped=0.5"], "method.frames.kept"),
    ] {
      var recipe = try PretrainRecipe.provided("pstl-small", changing: [])
      try recipe.apply(changes)
      let error = #expect(throws: InputError.self, "\(changes)") { try recipe.checkConsistency(in: "recipe") }
      #expect(error?.place == place)
    }
    var recipe = try PretrainRecipe.provided("pstl-small", changing: [])
    recipe.encoder = Variant(GRUEncoderSettings())
    let error = #expect(throws: InputError.self) { try recipe.checkConsistency(in: "recipe") }
    #expect(error?.place == "encoder")
  }
}
