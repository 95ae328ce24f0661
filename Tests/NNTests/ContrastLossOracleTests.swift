import Foundation
import NN
import TensorCore
import Testing

/// The losses of contrastive methods, each made of the functions of `NN`, against another program's: every term, and
/// gradients to raw and to normalised vectors.
@Suite(
  .enabled(if: !OracleGroup.files("contrast_losses").isEmpty, OracleGroup.missing("contrast_losses")))
struct ContrastLossOracleTests {
  static let tolerance: Float = 1e-4

  @Test(arguments: OracleGroup.files("contrast_losses"))
  func everyGroup(path: String) throws {
    let names = try OracleGroup(path).names(in: "")
    #expect(names.count >= 21)
    for name in names {
      let case_ = try ContrastCase(OracleGroup(path, name))
      guard let loss = ContrastCase.losses[name] else {
        Issue.record("no test knows the group \(name) of \(path)")
        continue
      }
      let terms = try loss(case_)
      try case_.check(terms)
    }
  }
}

/// One loss of the file: its vectors, raw and of length 1, and what else it is made of.
struct ContrastCase {
  let group: OracleGroup
  private let raw: [String: Tensor]
  private let unit: [String: Tensor]
  private let isNormalised: Bool

  init(_ group: OracleGroup) throws {
    self.group = group
    var raw: [String: Tensor] = [:]
    for name in try group.names(in: "inputs") { raw[name] = try group.tensor("inputs/\(name)").asVariable() }
    isNormalised = try group.number("normalised") == 1
    self.raw = raw
    // Variables of their own, so that gradients to raw vectors are those of these, pulled back once more.
    unit = isNormalised ? raw.mapValues { $0.normalizedRows().detached().asVariable() } : raw
  }

  /// A vector that learns, (N, D).
  func vector(_ name: String) throws -> Tensor { try #require(unit[name], "\(group.name): no input \(name)") }

  /// A vector that does not, (N, D).
  func constant(_ name: String) throws -> Tensor { try vector(name).detached() }

  func other(_ name: String) throws -> Tensor { try group.tensor("other/\(name)") }
  func integers(_ name: String) throws -> [Int] { try group.integers("other/\(name)") }
  func setting(_ name: String) throws -> Float { Float(try group.number(name)) }

  /// q·k and q·Q, the similarities to the key and to a queue (D, K).
  func similarities(_ q: Tensor, _ k: Tensor, _ queue: String) throws -> (own: Tensor, others: Tensor) {
    (q.rowDot(k), q.matmul(try other(queue)))
  }

  /// InfoNCE of a query, its key and a queue (D, K).
  func nce(_ q: String, _ k: String, _ queue: String = "queue") throws -> Tensor {
    let (own, others) = try similarities(vector(q), constant(k), queue)
    return infoNCE(positive: own, negatives: others, temperature: try setting("temperature"))
  }

  /// [q·k | q·Q], (N, 1 + K).
  func logits(_ q: Tensor, _ k: Tensor, _ queue: String = "queue") throws -> Tensor {
    let (own, others) = try similarities(q, k, queue)
    return .concatenated([own.reshaped([own.count, 1]), others], axis: 1)
  }

  /// Holds terms and the gradients of `loss` against the file's.
  func check(_ terms: [String: Tensor]) throws {
    let tolerance = ContrastLossOracleTests.tolerance
    for (name, term) in terms {
      expectClose(term, try group.tensor("values/\(name)"), tolerance, "\(group.name) \(name)")
    }
    let found = gradients(of: try #require(terms["loss"]))
    for name in try group.names(in: "gradients") {
      let toUnit = try #require(found[try vector(name)], "\(group.name): no gradient of \(name)")
      if isNormalised {
        expectClose(
          toUnit, try group.tensor("gradients_unit/\(name)"), tolerance,
          "\(group.name) gradient of unit \(name)")
      }
      let vectors = try #require(raw[name])
      let toRaw =
        isNormalised ? try #require(gradients(of: vectors.normalizedRows(), seed: toUnit)[vectors]) : toUnit
      expectClose(
        toRaw, try group.tensor("gradients/\(name)"), tolerance, "\(group.name) gradient of \(name)")
    }
  }
}
