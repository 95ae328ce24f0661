import Foundation
import NN
import TensorCore
import Testing

@Suite struct ReductionOperationTests {
  static let cases: [([Int], [Int])] = [
    ([5], [0]), ([3, 4], [0]), ([3, 4], [1]), ([3, 4], [0, 1]), ([2, 3, 4], [1]), ([2, 3, 4], [0, 2]),
    ([2, 3, 2, 3], [1, 3]), ([2, 3, 2, 3], [0, 1]), ([2, 3, 2, 3], [2, 3]), ([2, 3, 2, 3], [0, 2, 3]),
    ([3, 1], [1]),
  ]

  private static func reference(
    _ x: Tensor, _ axes: [Int], _ reduce: ([Double]) -> Double
  ) -> Tensor {
    let slow = SlowArray(x)
    let kept = x.shape.indices.filter { !axes.contains($0) }
    let sorted = axes.sorted()
    return SlowArray.make(kept.map { x.shape[$0] }) { index in
      reduce(
        SlowArray.indices(sorted.map { x.shape[$0] }).map { inner in
          var all = [Int](repeating: 0, count: x.shape.count)
          for (axis, value) in zip(kept, index) { all[axis] = value }
          for (axis, value) in zip(sorted, inner) { all[axis] = value }
          return Double(slow[all])
        })
    }
  }

  @Test(arguments: cases)
  func overAnyAxes(shape: [Int], axes: [Int]) {
    let x = sample("x", shape)
    let count = Double(axes.reduce(1) { $0 * shape[$1] })
    func compare(_ name: String, _ found: Tensor, _ reduce: ([Double]) -> Double) {
      let expected = Self.reference(x, axes, reduce)
      #expect(found.difference(from: expected) < 1e-6, "\(name)")
    }
    compare("sum", x.sum(axes: axes)) { $0.reduce(0, +) }
    compare("mean", x.mean(axes: axes)) { $0.reduce(0, +) / count }
    compare("max", x.max(axes: axes)) { $0.max() ?? 0 }
    compare("log sum", x.logSumExp(axes: axes)) { log($0.reduce(0) { $0 + exp($1) }) }
    checkGradients([x]) { $0[0].sum(axes: axes) }
    checkGradients([x]) { $0[0].mean(axes: axes) }
    checkGradients([distinct("x", shape)]) { $0[0].max(axes: axes) }
    checkGradients([x]) { $0[0].logSumExp(axes: axes) }
    let kept = x.sum(axes: axes, keepingAxes: true)
    #expect(kept.shape == shape.indices.map { axes.contains($0) ? 1 : shape[$0] })
    #expect(kept.values == x.sum(axes: axes.reversed()).values)
  }

  @Test func theFirstOfEqualsGetsTheGradient() throws {
    let x = Tensor([2, 1, 2, 2, 0, 0], shape: [2, 3]).asVariable()
    let rows = try #require(gradients(of: x.max(axes: [1]).sum())[x])
    #expect(rows.values == [1, 0, 0, 1, 0, 0])
    let all = try #require(gradients(of: x.max(axes: [0, 1]).sum())[x])
    #expect(all.values == [1, 0, 0, 0, 0, 0])
    let y = Tensor([1, 5, 5, 1, 5, 1, 1, 5], shape: [2, 2, 2]).asVariable()
    let apart = try #require(gradients(of: y.max(axes: [0, 2]).sum())[y])
    #expect(apart.values == [0, 1, 1, 0, 0, 0, 0, 0])
  }

  @Test func manyNumbersAreAddedWell() {
    // 40 000 numbers in each of three ways that sums run.
    let x = sample("many", [8, 5000]) + Tensor(scalar: 3)
    let total = x.values.reduce(0.0) { $0 + Double($1) }
    for sum in [
      x.sum(axes: [0, 1]), x.sum(axes: [1]).sum(axes: [0]), x.sum(axes: [0]).sum(axes: [0]),
      x.reshaped([2, 4000, 5]).sum(axes: [1]).sum(axes: [0, 1]),
    ] { #expect(abs(Double(sum.scalar) - total) < 1e-6 * total) }
    #expect(Tensor([1000, 1000.5], shape: [2]).logSumExp(axes: [0]).scalar.isFinite)
  }

  @Test(arguments: [([4], 0), ([3, 5], 1), ([3, 5], 0), ([2, 4, 3], 1)])
  func standardization(shape: [Int], axis: Int) {
    let x = sample("x", shape)
    for unbiased in [false, true] {
      let y = x.standardized(axis: axis, epsilon: 1e-6, unbiased: unbiased)
      let count = Float(shape[axis])
      #expect(y.mean(axes: [axis]).values.allSatisfy { abs($0) < 1e-5 })
      let squares = y.square().sum(axes: [axis]).values
      #expect(squares.allSatisfy { abs($0 / (unbiased ? count - 1 : count) - 1) < 1e-3 })
      checkGradients([x], tolerance: 4e-3) {
        $0[0].standardized(axis: axis, epsilon: 1e-2, unbiased: unbiased)
      }
    }
  }

  @Test(arguments: [[1, 4], [3, 5], [2, 3, 17], [2, 40]])
  func softmaxes(shape: [Int]) {
    let x = sample("x", shape)
    let hidden = Tensor(sampleMask("m", shape).values.map { $0 == 0 ? -.infinity : 0 }, shape: shape)
    let visible = Tensor(
      hidden.values.enumerated().map { $0 % shape[shape.count - 1] == 0 ? 0 : $1 }, shape: shape)
    for mask in [nil, visible] {
      let masked = mask.map { mask in zip(x.values, mask.values).map { $0 + $1 } } ?? x.values
      let width = shape[shape.count - 1]
      let expected = Tensor(
        masked.indices.map { place -> Float in
          let row = masked[(place / width * width)..<(place / width * width + width)]
          return Float(exp(Double(masked[place])) / row.reduce(0.0) { $0 + exp(Double($1)) })
        }, shape: shape)
      #expect(x.softmax(mask: mask).difference(from: expected) < 1e-6)
      checkGradients([x]) { $0[0].softmax(mask: mask) }
      let logs = x.logSoftmax(mask: mask).values
      for (log, share) in zip(logs, expected.values) where share > 0 {
        #expect(abs(Foundation.log(share) - log) < 1e-5)
      }
    }
    checkGradients([x]) { $0[0].logSoftmax() }
    let row = Tensor((0..<shape[shape.count - 1]).map { $0 == 0 ? 0 : -2 }, shape: [shape[shape.count - 1]])
    checkGradients([x], "a mask that is repeated") { $0[0].softmax(mask: row) }
    checkGradients([x], "a mask that is repeated") { $0[0].logSoftmax(mask: row) }
  }

  @Test func aRowThatHidesAllIsUniform() {
    let x = sample("x", [2, 4])
    let mask = Tensor([0, 0, 0, 0] + [Float](repeating: -.infinity, count: 4), shape: [2, 4])
    #expect(x.softmax(mask: mask).sliced(axis: 0, 1..<2).values == [0.25, 0.25, 0.25, 0.25])
  }

  @Test(arguments: [[1, 4], [3, 5], [2, 3, 33]])
  func layerNorms(shape: [Int]) {
    let x = sample("x", shape)
    let store = ParameterStore(seed: 1)
    let norm = LayerNorm(store.root, features: shape[shape.count - 1])
    #expect(store.names == ["weight", "bias"])
    norm.weight.value = sample("w", norm.weight.value.shape)
    norm.bias.value = sample("b", norm.bias.value.shape)
    let y = x.standardized(axis: shape.count - 1, epsilon: 1e-5)
    #expect(norm(x).difference(from: y * norm.weight.value + norm.bias.value) < 1e-6)
    checkGradients([x], parameters: [norm.weight, norm.bias], tolerance: 4e-3) { norm($0[0]) }
  }
}
