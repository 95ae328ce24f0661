import Encoders
import Foundation
import Methods
import NN
import TensorCore
import Testing

@testable import Training

/// Mathematics of losses written down slowly, in double precision, on lists of rows.
enum Slowly {
  /// Rows of a tensor (N, D).
  static func rows(_ tensor: Tensor) -> [[Double]] {
    let width = tensor.shape[1]
    return (0..<tensor.shape[0]).map { row in
      tensor.values[(row * width)..<((row + 1) * width)].map(Double.init)
    }
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { $0 * $1 }.reduce(0, +) }

  static func softmax(_ values: [Double]) -> [Double] {
    let exponentials = values.map { exp($0) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  /// The mean of -log softmax([z·k, z·others] / τ)[0], where each row has negatives of its own beside.
  static func nce(
    _ z: [[Double]], _ keys: [[Double]], _ queue: [[Double]], also: [[Double]]? = nil, _ temperature: Double
  ) -> Double {
    let terms = z.indices.map { row in
      let others = queue + (also.map { [$0[row]] } ?? [])
      let logits = ([keys[row]] + others).map { dot(z[row], $0) / temperature }
      return -log(softmax(logits)[0])
    }
    return mean(terms)
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// Expects a loss to be a number, to a part in ten thousand.
  static func expect(
    _ found: Float?, _ expected: Double, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      abs(Double(found ?? .nan) - expected) < 1e-4 * abs(expected),
      "\(what): \(found ?? .nan), not \(expected)",
      sourceLocation: sourceLocation)
  }
}

extension STGCNSettings {
  /// A small encoder.
  static var tiny: STGCNSettings {
    var settings = STGCNSettings()
    (settings.hidden, settings.features) = (4, 8)
    // From the published start values all features are nearly one, and differences of losses are of the last digits.
    settings.hasDefaultStart = true
    return settings
  }
}

extension MethodAlone {
  /// What a step shows, as rows.
  func rows(_ step: Step, _ name: String) throws -> [[Double]] {
    Slowly.rows(try #require(step.shown[name], "\(name)"))
  }

  /// A queue's keys before a step, as rows.
  func queue(_ name: String = "queue") throws -> [[Double]] { Slowly.rows(try #require(store[name]).value) }

  /// Makes the layers of heads thirty times as large: from the published start values embeddings are so short before they
  /// get length 1 that a step of a ten-thousandth turns them around, and differences tell nothing.
  func withLargerHeads() -> MethodAlone {
    for parameter in store.parameters where parameter.name.contains(".fc.") {
      parameter.value = parameter.value * 30
    }
    return self
  }

  /// Expects that along the gradient of the parameters below a scope the loss rises by the gradient's square.
  ///
  /// - Parameter total: the loss of a step, where parts of it that are constants to the gradient move with parameters.
  func expectGradients(
    below scope: String, length: Double = 0.0001, tolerance: Double = 0.03,
    total: (Step) throws -> Double = { Double($0.loss) },
    sourceLocation: SourceLocation = #_sourceLocation
  ) rethrows {
    let batch = noise()
    let gradients = step(batch).gradients
    let own = store.parameters.filter { $0.name.hasPrefix(scope + ".") }
    let directions = own.map { gradients[$0.value]?.values ?? [Float](repeating: 0, count: $0.value.count) }
    let start = own.map(\.value)
    let square = directions.joined().map { Double($0) * Double($0) }.reduce(0, +)
    func loss(_ length: Float) throws -> Double {
      for (index, parameter) in own.enumerated() {
        let moved = zip(start[index].values, directions[index]).map { $0 + length * $1 }
        parameter.value = Tensor(moved, shape: start[index].shape)
      }
      return try total(step(batch))
    }
    let reach = Float(length / square.squareRoot())
    let slope = (try loss(reach) - loss(-reach)) / Double(2 * reach)
    for (parameter, value) in zip(own, start) { parameter.value = value }
    #expect(
      square > 1e-4 && abs(slope - square) < tolerance * square, "\(scope): \(slope) against \(square)",
      sourceLocation: sourceLocation)
  }
}
