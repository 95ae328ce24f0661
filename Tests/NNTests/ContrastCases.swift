import Foundation
import NN
import TensorCore
import Testing

extension ContrastCase {
  /// How each method's loss is made of the functions of `NN`: the terms that the file has.
  static let losses: [String: @Sendable (ContrastCase) throws -> [String: Tensor]] = [
    "info_nce": { ["loss": try $0.nce("q", "k")] },
    "info_nce_warm": { ["loss": try $0.nce("q", "k")] },
    "as_cal": { try $0.asCAL() },
    "isc": {
      let (a, b) = (try $0.nce("q_a1", "k_b2", "queue_b"), try $0.nce("q_b1", "k_a2", "queue_a"))
      return ["a": a, "b": b, "loss": a + b]
    },
    "crosclr": { try $0.crossMined() },
    "crosclr_plain": { try $0.crossMined() },
    "cmd": { try $0.crossModal() },
    "aimclr": { try $0.mined(["q", "q_extreme", "q_drop"], [("ddm_extreme", 0, 1), ("ddm_drop", 0, 2)]) },
    "hiclr": { try $0.mined(["q", "q_strong", "q_masked"], [("ddm_strong", 0, 1), ("ddm_masked", 1, 2)]) },
    "skelemix": { try $0.mixed() },
    "skeattn": { try $0.salient() },
    "skeattn_half": { try $0.salient() },
    "actclr": { try $0.actionlets() },
    "barlow": {
      let loss = barlowTwins(try $0.vector("z1"), try $0.vector("z2"), offDiagonal: try $0.setting("lambda"))
      let diagonal = barlowTwins(try $0.vector("z1"), try $0.vector("z2"), offDiagonal: 0)
      return ["loss": loss, "on_diagonal": diagonal]
    },
    "vicreg": { try $0.spread() },
    "byol": {
      let one = byol(prediction: try $0.vector("q1"), target: try $0.constant("k2"))
      let two = byol(prediction: try $0.vector("q2"), target: try $0.constant("k1"))
      return ["one": one, "two": two, "loss": (one + two) * 0.5]
    },
    "hysp": { try $0.hyperbolic() },
    "hysp_half": { try $0.hyperbolic() },
    "halp": { try $0.generatedPositives() },
    "hico": { try $0.hierarchical() },
    "proto_nce": { try $0.prototypes() },
  ]

  private func asCAL() throws -> [String: Tensor] {
    let (q, k, memory) = (try vector("q"), try constant("k"), try other("memory"))
    let loss = infoNCE(
      positive: q.rowDot(k), negatives: q.matmul(memory, transposed: true),
      temperature: try setting("temperature"))
    return ["loss": loss]
  }

  /// The ones at the positive and at the columns that are named, (N, 1 + K · blocks).
  private func mask(_ rows: Int, _ width: Int, _ columns: [[Int]]) -> Tensor {
    var values = [Float](repeating: 0, count: rows * width)
    for row in 0..<rows {
      values[row * width] = 1
      for column in columns[row] { values[row * width + column] = 1 }
    }
    return Tensor(values, shape: [rows, width])
  }

  private func crossMined() throws -> [String: Tensor] {
    let (top, context, temperature) = (
      Int(try setting("top")), try setting("context") == 1, try setting("temperature")
    )
    let streams = ["j", "m", "b"]
    func others(_ stream: String) throws -> Tensor {
      try vector("q_\(stream)").matmul(try other("queue_\(stream)"))
    }
    var terms: [String: Tensor] = [:]
    var loss = Tensor(scalar: 0)
    for a in streams {
      for b in streams where a != b {
        let (own, mine, theirs) = (
          try vector("q_\(a)").rowDot(try constant("k_\(a)")), try others(a), try others(b)
        )
        let (rows, count) = (mine.shape[0], mine.shape[1])
        let found = theirs.largestColumns(top)
        let columns = (0..<rows).map { row -> [Int] in
          let own = found[row * top..<(row + 1) * top].map { 1 + $0 }
          return context ? own + own.map { $0 + count } : own
        }
        let blocks = [own.reshaped([rows, 1]), mine] + (context ? [mine * theirs] : [])
        let logits = Tensor.concatenated(blocks, axis: 1)
        let term = minedInfoNCE(
          logits, positives: mask(rows, logits.shape[1], columns), temperature: temperature)
        terms[a + b] = term
        loss = loss + term * 0.5
      }
    }
    terms["loss"] = loss
    return terms
  }

  private func crossModal() throws -> [String: Tensor] {
    let top = Int(try setting("top"))
    var terms: [String: Tensor] = [:]
    var loss = Tensor(scalar: 0)
    for a in ["j", "m", "b"] {
      let term = try nce("q_\(a)", "k_\(a)", "queue_\(a)")
      terms["nce_\(a)"] = term
      loss = loss + term
      let teacher = try constant("k_\(a)").matmul(try other("queue_\(a)"))
      let columns = teacher.largestColumns(top)
      for b in ["j", "m", "b"] where a != b {
        let student = try vector("q_\(b)").matmul(try other("queue_\(b)"))
        let term = similarityKL(
          teacher: teacher.columns(columns, count: top), student: student.columns(columns, count: top),
          teacherTemperature: try setting("teacher"), studentTemperature: try setting("student"))
        terms["kl_\(a)\(b)"] = term
        loss = loss + term
      }
    }
    terms["loss"] = loss
    return terms
  }

  /// Views of which some follow others, and positives that any of them finds near.
  private func mined(
    _ views: [String], _ follows: [(name: String, teacher: Int, student: Int)]
  ) throws -> [String: Tensor] {
    let (top, temperature, key) = (Int(try setting("top")), try setting("temperature"), try constant("k"))
    let logits = try views.map { try self.logits(try vector($0), key) }
    var terms: [String: Tensor] = [:]
    var follow = Tensor(scalar: 0)
    for (name, teacher, student) in follows {
      let target = (logits[teacher].detached() * (1 / temperature)).softmax()
      let term = softCrossEntropy(logits[student], target: target, temperature: temperature)
      terms[name] = term
      follow = follow + term * 0.5
    }
    let rows = key.shape[0]
    let nearest = try views.map { try vector($0).matmul(try other("queue")).largestColumns(top) }
    let columns = (0..<rows).map { row in nearest.flatMap { $0[row * top..<(row + 1) * top].map { 1 + $0 } } }
    let positives = mask(rows, logits[0].shape[1], columns)
    let mined = minedInfoNCE(logits[0], positives: positives, temperature: temperature)
    let plain = try nce(views[0], "k")
    terms["positives"] = positives
    terms["nce"] = plain
    terms["mined_nce"] = mined
    terms["loss_before_mining"] = plain + follow
    terms["loss"] = mined + follow
    return terms
  }

  /// InfoNCE with one more negative a row, a constant.
  private func nce(_ q: Tensor, _ positive: Tensor, also negative: Tensor) throws -> Tensor {
    let extra = q.rowDot(negative.detached()).reshaped([q.shape[0], 1])
    let negatives = Tensor.concatenated([q.matmul(try other("queue")), extra], axis: 1)
    return infoNCE(
      positive: q.rowDot(positive), negatives: negatives, temperature: try setting("temperature"))
  }

  private func mixed() throws -> [String: Tensor] {
    let (key, partner) = (try constant("k"), try integers("partner"))
    let (pasted, remaining) = (try vector("pasted"), try vector("remaining"))
    let whole = try nce("q", "k")
    let paste = try nce(pasted, key.rows(partner), also: remaining)
    let rest = try nce(remaining, key, also: pasted)
    return ["whole": whole, "pasted": paste, "remaining": rest, "loss": whole + (paste + rest) * 0.5]
  }

  private func salient() throws -> [String: Tensor] {
    let mu = try setting("mu")
    let (salient, rest) = (try vector("q_salient"), try vector("q_rest"))
    let whole = try nce("q", "k")
    let first = try nce(salient, try constant("k_salient"), also: rest)
    let second = try nce(rest, try constant("k_rest"), also: salient)
    return [
      "whole": whole, "salient": first, "rest": second, "loss": whole + first * mu + second * (1 - mu),
    ]
  }

  private func actionlets() throws -> [String: Tensor] {
    let (top, limit) = (Int(try setting("top")), try setting("too_similar"))
    let (key, queue) = (try constant("k"), try other("queue"))
    func follow(_ name: String, _ key: Tensor) throws -> Tensor {
      let similar = key.matmul(queue)
      let teacher = Tensor(similar.values.map { $0 > limit ? -1 : $0 }, shape: similar.shape)
      let columns = teacher.largestColumns(top)
      let student = try vector(name).matmul(queue)
      return similarityKL(
        teacher: teacher.columns(columns, count: top),
        student: (student * student).columns(columns, count: top),
        teacherTemperature: try setting("teacher"), studentTemperature: try setting("student"))
    }
    let rows = key.shape[0]
    let (keep, paste) = (try other("keep_weight"), try other("paste_weight"))
    let partner = key.rows(try integers("partner"))
    let mixedKey =
      (key * keep.reshaped([rows, 1]) + partner * paste.reshaped([rows, 1])).normalizedRows()
    let (actionlet, transformed, mixed) = (
      try follow("q", key), try follow("q_transformed", key), try follow("q_mixed", mixedKey)
    )
    return [
      "actionlet": actionlet, "transformed": transformed, "mixed": mixed, "mixed_key": mixedKey,
      "loss": actionlet + transformed + mixed,
    ]
  }

  private func spread() throws -> [String: Tensor] {
    let streams = ["j", "b", "m"]
    let single = try streams.map { try vector("z_\($0)") }
    let fused = try streams.map { try vector("z_u\($0)") }
    let centre = (single[0] + single[1] + single[2]) * (1.0 / 3)
    func distance(_ a: Tensor, _ b: Tensor) -> Tensor { ((a - b) * (a - b)).mean() }
    var (intra, inter, regularisation) = (Tensor(scalar: 0), Tensor(scalar: 0), Tensor(scalar: 0))
    for (a, b) in zip(single, fused) {
      intra = intra + distance(a, b)
      inter = inter + distance(a, centre)
    }
    for z in single + fused {
      regularisation =
        regularisation + varianceHinge(z) * (try setting("variance"))
        + covariancePenalty(z) * (try setting("covariance"))
    }
    return [
      "intra": intra, "inter": inter, "regularisation": regularisation,
      "loss": (intra + inter) * (try setting("invariance")) + regularisation,
    ]
  }

  private func hyperbolic() throws -> [String: Tensor] {
    let lambda = try setting("lambda")
    let pairs = [("q1", "k2"), ("q2", "k1")]
    var terms: [String: Tensor] = [:]
    var (euclid, hyper) = (Tensor(scalar: 0), Tensor(scalar: 0))
    for (q, k) in pairs {
      let distances = poincareDistance(try vector(q), to: try constant(k))
      terms["distance_\(q)_\(k)"] = distances
      hyper = hyper + distances.mean() * 0.5
      euclid = euclid + byol(prediction: try vector(q), target: try constant(k)) * 0.5
    }
    (terms["euclid"], terms["hyper"]) = (euclid, hyper)
    terms["loss"] = euclid * (1 - lambda) + hyper * lambda
    return terms
  }

  private func generatedPositives() throws -> [String: Tensor] {
    let (q, temperature) = (try vector("q"), try setting("temperature"))
    let made = PrototypePositives(
      keys: try constant("k"), prototypes: try other("prototypes"), picks: try integers("pick"),
      draws: try other("draw").values)
    let shape = try group.tensor("values/generated").shape
    let (rows, count, width) = (shape[0], shape[1], shape[2])
    let generated = made.rows.reshaped(shape)
    let kept = Tensor(made.isKept.map { $0 ? 1 : 0 }, shape: [rows, count])
    let repeated = q.rows((0..<rows * count).map { $0 / count })
    let similar = repeated.rowDot(generated.reshaped([rows * count, width])) * kept.reshaped([rows * count])
    let number = kept.values.reduce(0, +)
    let positives = similar.sum() * (-1 / (temperature * number))
    let nce = try nce("q", "k")
    return [
      "nce": nce, "positives": positives, "loss": nce + positives * (try setting("mu")),
      "generated": generated, "kept": kept, "limit": Tensor(made.limits, shape: [rows, count]),
    ]
  }

  private func hierarchical() throws -> [String: Tensor] {
    func several(_ name: String) throws -> Tensor {
      let (q, keys) = (try vector("q_\(name)"), try constant("k_\(name)"))
      let (rows, count, width) = (keys.shape[0], keys.shape[1], keys.shape[2])
      let repeated = q.rows((0..<rows * count).map { $0 / count })
      return multiPositiveInfoNCE(
        positives: repeated.rowDot(keys.reshaped([rows * count, width])).reshaped([rows, count]),
        negatives: q.matmul(try other("queue_\(name)")), temperature: try setting("temperature"))
    }
    let terms = [
      "clip": try several("clip"), "part": try several("part"),
      "time": try nce("q_time", "k_space", "queue_space"),
      "space": try nce("q_space", "k_time", "queue_time"),
      "whole": try nce("q_whole", "k_whole", "queue_whole"),
    ]
    var loss = Tensor(scalar: 0)
    for term in terms.values { loss = loss + term }
    return terms.merging(["loss": loss]) { $1 }
  }

  private func prototypes() throws -> [String: Tensor] {
    let h = try vector("h")
    let rows = h.shape[0]
    var terms: [String: Tensor] = [:]
    var loss = Tensor(scalar: 0)
    for level in 0..<Int(try setting("levels")) {
      let chosen = try integers("assignment_\(level)") + integers("negatives_\(level)")
      let prototypes = try other("prototypes_\(level)").rows(chosen)
      let density = try other("density_\(level)").values
      let sharpness = Tensor(chosen.map { 1 / density[$0] }, shape: [chosen.count])
      let logits = h.matmul(prototypes, transposed: true) * sharpness
      let term = softmaxCrossEntropy(logits, labels: Array(0..<rows))
      terms["level_\(level)"] = term
      loss = loss + term * (1 / (try setting("divisor")))
    }
    terms["loss"] = loss
    return terms
  }
}
