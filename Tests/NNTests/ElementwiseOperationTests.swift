import Foundation
import Kernels
import NN
import TensorCore
import Testing

@Suite struct ElementwiseOperationTests {
  /// Numbers of which none is near a corner of a function: 0, or ±0.5.
  private static let x = Tensor(
    sample("x", [3, 5]).values.map { value in
      let away = value + (value < 0 ? -0.05 : 0.05)
      return Swift.abs(Swift.abs(away) - 0.5) < 0.02 ? away * 1.1 : away
    }, shape: [3, 5])
  private static let positive = Tensor(x.values.map { Swift.abs($0) + 0.2 }, shape: [3, 5])

  /// Each operation with what it is, and numbers it is defined for.
  private static let operations:
    [(String, Tensor, @Sendable (Tensor) -> Tensor, @Sendable (Double) -> Double)] = [
      ("exp", x, { $0.exp() }, { Foundation.exp($0) }),
      ("log", positive, { $0.log() }, { Foundation.log($0) }),
      ("square root", positive, { $0.squareRoot() }, { $0.squareRoot() }),
      ("square", x, { $0.square() }, { $0 * $0 }), ("absolute", x, { $0.abs() }, { Swift.abs($0) }),
      ("sigmoid", x, { $0.sigmoid() }, { 1 / (1 + Foundation.exp(-$0)) }),
      ("tanh", x, { $0.tanh() }, { Foundation.tanh($0) }),
      ("gelu", x, { $0.gelu() }, { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }),
      (
        "gelu by tanh", x, { $0.gelu(.tanh) },
        { 0.5 * $0 * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
      ),
      ("leaky relu", x, { $0.leakyRelu(slope: 0.2) }, { $0 > 0 ? $0 : 0.2 * $0 }),
      ("clamp", x, { $0.clamped(-0.5...0.5) }, { min(max($0, -0.5), 0.5) }),
    ]

  @Test(arguments: operations.indices)
  func valuesAndGradients(index: Int) {
    let (name, x, operation, reference) = Self.operations[index]
    let expected = Tensor(x.values.map { Float(reference(Double($0))) }, shape: x.shape)
    #expect(operation(x).difference(from: expected) < 1e-6, "\(name)")
    let wide = Tensor(x.values.map { $0 * 6 }, shape: x.shape)
    let expectedWide = Tensor(wide.values.map { Float(reference(Double($0))) }, shape: x.shape)
    #expect(operation(wide).difference(from: expectedWide) < 1e-6, "\(name), larger numbers")
    checkGradients([x], name) { operation($0[0]) }
  }

  @Test func theErrorFunction() {
    let points = (-600...600).map { Float($0) / 100 }
    let found = Kernels.errorFunction(Storage(points)).values
    for (x, y) in zip(points, found) { #expect(abs(Double(y) - erf(Double(x))) < 2e-7, "\(x)") }
  }

  @Test func cornersAndEnds() throws {
    let x = Tensor([-1, 0, 0.5, 2], shape: [4]).asVariable()
    func gradient(_ y: Tensor) -> [Float]? { gradients(of: y.sum())[x]?.values }
    #expect(gradient(x.abs()) == [-1, 0, 1, 1])
    #expect(gradient(x.leakyRelu(slope: 0.1)) == [0.1, 0.1, 1, 1])
    #expect(gradient(x.clamped(0...0.5)) == [0, 1, 1, 0])
    #expect(x.clamped(0...0.5).values == [0, 0, 0.5, 0.5])
  }

  @Test func choosing() {
    let (a, b) = (sample("a", [2, 3]), sample("b", [2, 3]))
    let mask = Tensor([1, 0, 1, 0, 0, 1], shape: [2, 3])
    let expected = zip(mask.values, zip(a.values, b.values)).map { $0 != 0 ? $1.0 : $1.1 }
    #expect(a.selected(where: mask, else: b).values == expected)
    checkGradients([a, b]) { $0[0].selected(where: mask, else: $0[1]) }
    // What is not chosen may be no number at all.
    let holes = Tensor([1, .nan, 2, .infinity, .nan, 3], shape: [2, 3])
    #expect(holes.selected(where: mask, else: .zeros([2, 3])).values == [1, 0, 2, 0, 0, 3])
  }
}
