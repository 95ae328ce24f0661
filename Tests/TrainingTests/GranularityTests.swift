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

/// HiCo, UmURL, USDRL's losses and ISC against their equations written down again slowly, and their gradients against
/// differences.
@Suite struct GranularityTests {
  private func hiCo() throws -> MethodAlone<HiCo> {
    var settings = HiCo.Settings()
    (settings.contrast.projection, settings.contrast.queue) = (5, 8)
    var encoder = HiCoEncoderSettings()
    (encoder.width, encoder.heads, encoder.granularities, encoder.dropout) = (6, 2, 3, 0)
    return try MethodAlone(settings, encoder, seed: 9)
  }

  private func umURL() throws -> MethodAlone<UmURL> {
    var settings = UmURL.Settings()
    settings.projection = 6
    var encoder = UmURLEncoderSettings()
    encoder.width = 4
    return try MethodAlone(settings, encoder, seed: 9)
  }

  private func usdrl(_ encoder: any EncoderSettings, frames: Float = 0.5) throws -> MethodAlone<USDRL> {
    var settings = USDRL.Settings()
    (settings.projection, settings.frames) = (6, frames)
    return try MethodAlone(settings, encoder, seed: 9)
  }

  private func isc() throws -> MethodAlone<ISC> {
    var settings = ISC.Settings()
    (settings.contrast.projection, settings.contrast.queue) = (5, 12)
    var other = AGCNSettings()
    other.channels = 8
    settings.partner = Variant(other)
    var encoder = GRUEncoderSettings(hidden: 6)
    encoder.isNormalized = false
    return try MethodAlone(settings, encoder, seed: 9)
  }

  @Test func hiCoIsItsEquation() throws {
    let model = try hiCo()
    let queues = try Dictionary(
      uniqueKeysWithValues: ["clip", "part", "time", "space", "whole"].map {
        ($0, try model.queue("queue_\($0)"))
      })
    #expect(queues["clip"]?.count == 24 && queues["part"]?.count == 24 && queues["time"]?.count == 8)
    let step = model.step(model.noise(), keepsChanges: true)
    var total = 0.0
    for level in ["clip", "part"] {
      let (z, keys) = (try model.rows(step, "embedding \(level)"), try model.rows(step, "keys \(level)"))
      #expect(z.count == 4 && keys.count == 12)
      let loss = Slowly.mean(
        z.indices.map { row in
          let all = Array(keys[(3 * row)..<(3 * row + 3)]) + (queues[level] ?? [])
          return -log(Slowly.softmax(all.map { Slowly.dot(z[row], $0) / 0.2 }).prefix(3).reduce(0, +))
        })
      Slowly.expect(step.terms["nce_\(level)"], loss, level)
      total += loss
      // The keys of all granularities are renewed, not those of the first places alone.
      #expect(try model.queue("queue_\(level)") == keys + (queues[level] ?? []).dropFirst(12))
    }
    for (level, other) in [("time", "space"), ("space", "time"), ("whole", "whole")] {
      let loss = Slowly.nce(
        try model.rows(step, "embedding \(level)"), try model.rows(step, "keys \(other)"),
        queues[other] ?? [],
        0.2)
      Slowly.expect(step.terms["nce_\(level)"], loss, level)
      total += loss
    }
    Slowly.expect(step.loss, total, "loss")
    try hiCo().expectGradients(below: "encoder_q", length: 0.001)
  }

  /// The mean of max(0, 1 - √(variance + 1e-4)) and the sum of squared covariances beside the diagonal by the width.
  private func spread(_ rows: [[Double]]) -> (variance: Double, covariance: Double) {
    let width = rows[0].count
    let means = (0..<width).map { column in Slowly.mean(rows.map { $0[column] }) }
    func covariance(_ i: Int, _ j: Int) -> Double {
      rows.reduce(0) { $0 + ($1[i] - means[i]) * ($1[j] - means[j]) } / Double(rows.count - 1)
    }
    var sums = (variance: 0.0, covariance: 0.0)
    for i in 0..<width {
      sums.variance += max(0, 1 - (covariance(i, i) + 1e-4).squareRoot()) / Double(width)
      for j in 0..<width where j != i {
        sums.covariance += covariance(i, j) * covariance(i, j) / Double(width)
      }
    }
    return sums
  }

  private func distance(_ a: [[Double]], _ b: [[Double]]) -> Double {
    Slowly.mean(zip(a, b).flatMap { zip($0, $1).map { ($0 - $1) * ($0 - $1) } })
  }

  @Test func umURLIsItsEquation() throws {
    let model = try umURL()
    let step = model.step(model.noise())
    let streams = ["joint", "bone", "motion"]
    let single = try streams.map { try model.rows(step, "projection \($0)") }
    let fused = try streams.map { try model.rows(step, "projection of all \($0)") }
    let centre = single[0].indices.map { row in
      single[0][row].indices.map { column in Slowly.mean(single.map { $0[row][column] }) }
    }
    let intra = zip(single, fused).map(distance).reduce(0, +)
    let inter = single.map { distance($0, centre) }.reduce(0, +)
    let spreads = (single + fused).map(spread)
    let (variance, covariance) = (
      spreads.map(\.variance).reduce(0, +), spreads.map(\.covariance).reduce(0, +)
    )
    Slowly.expect(step.terms["intra"], intra, "intra")
    Slowly.expect(step.terms["inter"], inter, "inter")
    Slowly.expect(step.terms["variance"], variance, "variance")
    Slowly.expect(step.terms["covariance"], covariance, "covariance")
    Slowly.expect(step.loss, 5 * (intra + inter + variance) + covariance, "loss")
    for scope in ["encoder_q", "projector"] { try umURL().expectGradients(below: scope, length: 0.00003) }
  }

  /// Of clips of positions the encoder derives what a batch has as streams.
  @Test func umURLsEncoderDerivesItsStreams() throws {
    var settings = UmURLEncoderSettings()
    (settings.width, settings.frames) = (4, 16)
    let store = ParameterStore(seed: 1)
    let encoder = settings.encoder(store.root, EncoderInput(layout: .kinect25, frames: 16))
    var random = KeyedRandom(seed: 3, view: "clip")
    let clip = SkeletonClip(values: (0..<(16 * SkeletonClip.width)).map { _ in random.uniform(-1, 1) })
    func bodies(_ stream: SkeletonStream) -> Tensor {
      BodyMap.bodies(
        SkeletonClip.stacked([stream.derived(from: clip)]), joints: 25, coordinates: 3)
    }
    let other = ParameterStore(seed: 1)
    let network = UmURLEncoder(other.root, settings, bodies: 2, joints: 25)
    let expected = network.fused(
      joint: bodies(.joint), bone: bodies(.bone), motion: bodies(.motion), .evaluation)
    let found = encoder(Clips(SkeletonClip.stacked([clip])), .evaluation)
    #expect(zip(found.values, expected.values).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(found.shape == [1, 8])
  }

  @Test func usdrlIsItsEquation() throws {
    let model = try usdrl(STGCNSettings.tiny)
    let step = model.step(model.noise())
    var total = 0.0
    // 16 frames become 4, and there are 25 joints.
    for (name, suffix, weight, rows) in [
      ("projector", "", 1.0, 4), ("frames", "_frames", 0.5, 16), ("joints", "_joints", 0.5, 100),
    ] {
      let z = try (0..<2).map { try model.rows(step, "\(name) \($0)") }
      #expect(z[0].count == rows && z[1].count == rows)
      let spreads = z.map(spread)
      let invariance = distance(z[0], z[1])
      let variance = spreads[0].variance + spreads[1].variance
      let covariance = spreads[0].covariance + spreads[1].covariance
      Slowly.expect(step.terms["invariance\(suffix)"], invariance, "invariance \(name)")
      Slowly.expect(step.terms["variance\(suffix)"], variance, "variance \(name)")
      Slowly.expect(step.terms["covariance\(suffix)"], covariance, "covariance \(name)")
      let barlow = Double(try #require(step.terms["barlow\(suffix)"]))
      total += weight * (5 * (invariance + variance) + covariance + barlow)
    }
    Slowly.expect(step.loss, total, "loss")
    for scope in ["encoder_q", "joints"] {
      try usdrl(STGCNSettings.tiny).expectGradients(below: scope)
    }
  }

  /// Recurrent networks have frames, and others sequences alone.
  @Test func usdrlTakesWhatAnEncoderHas() throws {
    func names(_ model: MethodAlone<USDRL>) -> Set<String> {
      Set(model.store.parameters.compactMap { $0.name.split(separator: ".").first.map(String.init) })
    }
    let recurrent = try usdrl(GRUEncoderSettings(hidden: 6))
    #expect(names(recurrent) == ["encoder_q", "projector", "frames"])
    #expect(try recurrent.rows(recurrent.step(recurrent.noise()), "frames 0").count == 64)
    #expect(names(try usdrl(GRUEncoderSettings(hidden: 6), frames: 0)) == ["encoder_q", "projector"])
    var image = HCNSettings()
    image.width = 4
    let plain = try usdrl(image)
    #expect(names(plain) == ["encoder_q", "projector"] && plain.step(plain.noise()).loss > 0)
  }

  @Test func iscIsItsEquation() throws {
    let model = try isc()
    let queues = try ["queue", "queue_partner"].map { try model.queue($0) }
    let step = model.step(model.noise(), keepsChanges: true)
    let terms = ["nce_own", "nce_partner"]
    let z = try terms.map { try model.rows(step, "embedding \($0)") }
    let keys = try terms.map { try model.rows(step, "keys \($0)") }
    var total = 0.0
    for (own, other) in [(0, 1), (1, 0)] {
      let loss = Slowly.nce(z[own], keys[other], queues[other], 0.07)
      Slowly.expect(step.terms[terms[own]], loss, terms[own])
      total += loss
    }
    Slowly.expect(step.loss, total, "loss")
    // Each queue has its own copy's keys.
    #expect(try model.queue() == keys[0] + queues[0].dropFirst(4))
    #expect(try model.queue("queue_partner") == keys[1] + queues[1].dropFirst(4))
    #expect(model.records.map(\.encoder.kind) == ["gru", "gru", "agcn", "agcn"])
    #expect(model.store["encoder_q.input_norm.weight"] == nil)
    for scope in ["encoder_q", "encoder_q_partner"] { try isc().expectGradients(below: scope, length: 0.001) }
  }

  @Test func partsRefuseWhatDoesNotFit() throws {
    for (name, changes, place) in [
      ("umurl", ["input.stream=bone"], "input.stream"), ("hico", ["encoder.kind=gru"], "encoder"),
      ("isc", ["input.frames=50", "method.partner.kind=hcn"], "method.partner: input.frames"),
      ("eqcontrast", ["method.orders=6"], "method.orders"), ("cpm", ["method.queue=130"], "method.queue"),
    ] {
      var recipe = try PretrainRecipe.provided(name, changing: ["stages=[]"])
      try recipe.apply(changes)
      let error = #expect(throws: InputError.self, "\(changes)") { try recipe.checkConsistency(in: "recipe") }
      #expect(error?.place == place)
    }
  }
}
