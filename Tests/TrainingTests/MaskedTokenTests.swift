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

/// MAMP, latent targets and the compact transformer against their losses written down again slowly, and their gradients
/// against differences of their own losses.
@Suite struct MaskedTokenTests {
  /// A transformer over 4 times 25 patches of 4 frames.
  private static let tiny: VisionTransformerSettings = {
    var settings = VisionTransformerSettings()
    (settings.layers, settings.width, settings.heads) = (2, 8, 2)
    return settings
  }()

  private static let decoder: TokenDecoderSettings = {
    var settings = TokenDecoderSettings(layers: 1)
    (settings.width, settings.heads) = (6, 2)
    return settings
  }()

  private func mamp(_ target: MAMP.Target, stride: Int = 1, normalize: Bool = true) throws
    -> MethodAlone<MAMP>
  {
    var settings = MAMP.Settings()
    (settings.target, settings.stride, settings.isNormalized) = (target, stride, normalize)
    (settings.decoder, settings.views.least) = (Self.decoder, 8)
    return try MethodAlone(settings, Self.tiny, seed: 9)
  }

  /// Number `number` of patch `token` of a body of clips (N, T, 150).
  private func number(_ clips: Tensor, _ body: Int, _ token: Int, _ number: Int, ahead: Int = 0) -> Double? {
    let (frame, axis) = (token / 25 * 4 + number / 3 + ahead, number % 3)
    guard frame < clips.shape[1] else { return nil }
    let at = ((body / 2) * clips.shape[1] + frame) * 150 + token % 25 * 6 + axis * 2 + body % 2
    return Double(clips.values[at])
  }

  /// The mean over hidden patches of all bodies of the mean squared error, from what the step shows.
  private func error(
    _ model: MethodAlone<MAMP>, _ step: Step, _ batch: Batch, first: Int,
    target: (Tensor, Int, Int, Int) -> Double
  ) throws -> Double {
    let (clips, kept) = (batch[model.method.views.clips].values, batch[model.method.views.kept])
    let guesses = try #require(step.shown["guesses"])
    var errors: [Double] = []
    for body in 0..<8 {
      for token in 0..<100 where !kept[body].contains(token) {
        var values = (0..<12).map { target(clips, body, token, $0) }
        let mean = Slowly.mean(values)
        let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 11
        if model.isNormalized { values = values.map { ($0 - mean) / (variance + 1e-6).squareRoot() } }
        for (number, value) in values.enumerated() {
          let at = (body * 100 + token) * guesses.shape[2] + first + number
          errors.append((Double(guesses.values[at]) - value) * (Double(guesses.values[at]) - value))
        }
      }
    }
    #expect(errors.count == 8 * 91 * 12)
    return Slowly.mean(errors)
  }

  @Test(arguments: [(1, true), (2, true), (1, false)])
  func mampGuessesHowHiddenPatchesMove(stride: Int, normalize: Bool) throws {
    let model = try mamp(.motion, stride: stride, normalize: normalize)
    let batch = model.noise()
    let step = model.step(batch)
    let expected = try error(model, step, batch, first: 0) { clips, body, token, index in
      guard let ahead = number(clips, body, token, index, ahead: stride) else { return 0 }
      return ahead - (number(clips, body, token, index) ?? 0)
    }
    Slowly.expect(step.loss, expected, "loss")
    #expect(model.method.terms == ["motion"] && step.terms == ["motion": step.loss])
  }

  @Test func mampGuessesCoordinatesBesideMotion() throws {
    let model = try mamp(.both)
    let batch = model.noise()
    let step = model.step(batch)
    let expected = try error(model, step, batch, first: 12) { number($0, $1, $2, $3) ?? 0 }
    Slowly.expect(step.terms["coordinates"], expected, "coordinates")
    Slowly.expect(step.loss, Double(step.terms["motion"] ?? 0) + expected, "sum")
    #expect(try mamp(.coordinates).method.terms == ["coordinates"])
  }

  @Test(arguments: MAMP.Target.allCases) func mampsGradientsAreThoseOfDifferences(target: MAMP.Target) throws
  {
    let model = try mamp(target)
    for scope in ["encoder_q", "decoder_blocks", "decoder_pred"] { try model.expectGradients(below: scope) }
  }

  private func latent(_ change: (inout LatentTargets.Settings) -> Void = { _ in }) throws -> MethodAlone<
    LatentTargets
  > {
    var settings = LatentTargets.Settings()
    (settings.decoder, settings.views.least) = (Self.decoder, 8)
    change(&settings)
    return try MethodAlone(settings, Self.tiny, seed: 9)
  }

  /// The copy begins as the encoder, and moves before a step towards what the one before has made of the encoder.
  @Test func theCopyFollows() throws {
    let model = try latent { ($0.keyMomentum, $0.ramp) = (0.9...0.99, 4) }
    let batch = model.noise()
    _ = model.step(batch, keepsChanges: true)
    let names = model.store.parameters.map(\.name).filter { $0.hasPrefix("encoder_q") }
    #expect(!names.isEmpty)
    func distances() throws -> [Float] {
      try names.flatMap { name in
        let key = try #require(model.store[name.replacing("encoder_q", with: "encoder_k")])
        #expect(!key.isTrainable)
        return zip(try #require(model.store[name]).value.values, key.value.values).map { $0 - $1 }
      }
    }
    #expect(try distances().allSatisfy { $0 == 0 })
    for name in names {
      let query = try #require(model.store[name])
      query.value = query.value + Tensor(scalar: 1)
    }
    for expected in [0.9, 0.9 * 0.9225, 0.9 * 0.9225 * 0.945] as [Float] {
      _ = model.step(batch, keepsChanges: true)
      #expect(try distances().allSatisfy { abs($0 - expected) < 1e-4 })
    }
  }

  /// A distribution, centred and sharpened: its cross-entropy, and how the centre moves.
  @Test func distributionsAreCentredAndSharpened() throws {
    let model = try latent {
      ($0.loss, $0.isTeacherPlain, $0.shift, $0.exchange) = (.distribution, true, 0.1, 0.5)
    }
    let batch = model.noise()
    let views = model.method.views
    #expect(batch[views.student].values.values != batch[views.teacher].values.values)
    let centre = try #require(model.store["centre"])
    centre.value = Tensor((0..<8).map { 0.1 * Float($0) }, shape: [8])
    let before = centre.value.values.map(Double.init)
    let step = model.step(batch, keepsChanges: true)
    let (targets, guesses) = (try model.rows(step, "target"), try model.rows(step, "guess"))
    #expect(targets.count == 8 * (100 - 2 * 4))
    let losses = targets.indices.map { row -> Double in
      let p = Slowly.softmax(zip(targets[row], before).map { ($0 - $1) / 0.06 })
      let q = Slowly.softmax(guesses[row].map { $0 / 0.1 })
      return -zip(p, q).map { $0 * log($1) }.reduce(0, +)
    }
    Slowly.expect(step.loss, Slowly.mean(losses), "cross-entropy")
    for column in 0..<8 {
      let mean = Slowly.mean(targets.map { $0[column] })
      #expect(abs(Double(centre.value.values[column]) - (0.9 * before[column] + 0.1 * mean)) < 1e-5)
    }
  }

  @Test(arguments: LatentTargets.Loss.allCases) func latentGradientsAreThoseOfDifferences(
    loss: LatentTargets.Loss
  ) throws {
    let model = try latent { $0.loss = loss }
    let step = model.step(model.noise())
    let (targets, guesses) = (try model.rows(step, "target"), try model.rows(step, "guess"))
    if loss == .layers {
      let errors = zip(targets, guesses).flatMap { zip($0, $1).map { ($0 - $1) * ($0 - $1) } }
      Slowly.expect(step.loss, Slowly.mean(errors), "squared error")
    }
    for scope in ["encoder_q", "decoder_blocks", "decoder_pred"] { try model.expectGradients(below: scope) }
    for parameter in model.store.parameters where parameter.name.hasPrefix("encoder_k") {
      #expect(step.gradients[parameter.value] == nil)
    }
  }

  private func compact() throws -> MethodAlone<Compact> {
    var settings = Compact.Settings()
    (settings.decoder, settings.views.least) = (Self.decoder, 8)
    (settings.target, settings.hidden, settings.projection) = (3, 5, 4)
    return try MethodAlone(settings, Self.tiny, seed: 9)
  }

  /// The parts of the loss from what the step shows.
  @Test func compactIsItsEquation() throws {
    let model = try compact()
    let step = model.step(model.noise())
    let wholes = try ["whole 0", "whole 1"].map { try model.rows(step, $0) }
    func contrast(_ a: [[Double]], _ b: [[Double]]) -> Double {
      Slowly.mean(
        a.indices.map { row in -log(Slowly.softmax(b.map { Slowly.dot(a[row], $0) / 0.1 })[row]) })
    }
    let agree = (contrast(wholes[0], wholes[1]) + contrast(wholes[1], wholes[0])) / 2
    Slowly.expect(step.terms["agree"], agree, "agree")
    var (guess, spread) = (0.0, 0.0)
    for view in 0..<2 {
      let (guesses, targets) = (try model.rows(step, "guess \(view)"), try model.rows(step, "target \(view)"))
      let columns = (0..<9).map { column in targets.map { $0[column] } }
      let errors = zip(targets, guesses).flatMap { zip($0, $1).map { ($0 - $1) * ($0 - $1) } }
      guess += Slowly.mean(errors)
      // Every body has as many patches, of which all are made, and half are guessed.
      let all = Slowly.rows(try #require(step.shown["targets \(view)"]).reshaped([800, 9]))
      for (number, column) in columns.enumerated() {
        let own = all.map { $0[number] }
        #expect(abs(Slowly.mean(own)) < 1e-4 && abs(Slowly.mean(own.map { $0 * $0 }) - 1) < 1e-2)
        #expect(column.count == 8 * 4 * 13)
        for other in 0..<9 where other != number {
          let correlation = Slowly.mean(all.map { $0[number] * $0[other] })
          spread += correlation * correlation / 9
        }
      }
      // At scale 2 the first patch of a joint has the target of its second, at scale 1 not.
      #expect(Array(all[0][3..<6]) == Array(all[25][3..<6]) && all[0][0] != all[25][0])
      #expect(Array(all[0][6...]) == Array(all[75][6...]) && all[0][3] != all[50][3])
    }
    Slowly.expect(step.terms["guess"], guess, "guess")
    Slowly.expect(step.terms["spread"], spread, "spread")
    Slowly.expect(step.loss, guess + 0.1 * spread + agree, "loss")
  }

  @Test func compactGradientsAreThoseOfDifferences() throws {
    let model = try compact()
    for scope in ["encoder_q", "decoder_blocks", "targets", "projector"] {
      try model.expectGradients(below: scope)
    }
  }

  /// Windows that patches do not fill, and widths that heads do not divide, are refused.
  @Test func settingsHaveToFit() throws {
    var recipe = try PretrainRecipe.provided("mamp", changing: [])
    for text in [
      "method.decoder.width=9", "method={kind: compact, scales: [4, 7]}",
      "method={kind: compact, scales: []}",
      "method={kind: latent, decoder: {heads: 7}}",
    ] {
      #expect(throws: InputError.self, "\(text)") {
        try recipe.apply([text])
        try recipe.checkConsistency(in: "recipe")
      }
    }
  }

  /// Only encoders of patches can learn so.
  @Test func otherEncodersAreRefused() throws {
    #expect(throws: InputError.self) {
      try MethodAlone<MAMP>(MAMP.Settings(), GRUEncoderSettings(hidden: 6), seed: 1)
    }
  }
}

extension MethodAlone<MAMP> {
  fileprivate var isNormalized: Bool { method.settings.isNormalized }
}
