import NN
import TensorCore
import Testing

@Suite struct ShapeOperationTests {
  @Test(arguments: [
    ([2, 3], [1, 0]), ([2, 3, 4], [2, 0, 1]), ([2, 3, 4], [0, 2, 1]), ([3, 1, 4], [2, 1, 0]), ([5], [0]),
    ([2, 3, 1, 4, 5], [0, 3, 1, 2, 4]), ([2, 17, 3, 19], [3, 2, 1, 0]), ([2, 17, 3, 19], [0, 3, 2, 1]),
  ])
  func permutations(shape: [Int], order: [Int]) {
    let x = sample("x", shape)
    let slow = SlowArray(x)
    let expected = SlowArray.make(order.map { shape[$0] }) { index in
      var source = index
      for (to, from) in order.enumerated() { source[from] = index[to] }
      return Double(slow[source])
    }
    let found = x.permuted(order)
    #expect(found.shape == expected.shape && found.values == expected.values)
    if x.count < 200 { checkGradients([x]) { $0[0].permuted(order) } }
  }

  @Test func slices() {
    let x = sample("x", [3, 7, 2])
    let slow = SlowArray(x)
    for (range, step) in [(0..<7, 1), (2..<5, 1), (1..<7, 2), (0..<7, 3), (6..<7, 1)] {
      let expected = SlowArray.make([3, (range.count + step - 1) / step, 2]) {
        Double(slow[[$0[0], range.lowerBound + step * $0[1], $0[2]]])
      }
      let found = x.sliced(axis: 1, range, step: step)
      #expect(found.shape == expected.shape && found.values == expected.values)
      checkGradients([x]) { $0[0].sliced(axis: 1, range, step: step) }
    }
    checkGradients([x]) { $0[0].sliced(axis: 0, 1..<2) }
    checkGradients([x]) { $0[0].sliced(axis: 2, 1..<2) }
  }

  @Test func concatenation() {
    let (a, b, c) = (sample("a", [2, 1, 3]), sample("b", [2, 4, 3]), sample("c", [2, 2, 3]))
    let found = Tensor.concatenated([a, b, c], axis: 1)
    #expect(found.shape == [2, 7, 3])
    #expect(found.sliced(axis: 1, 1..<5).values == b.values)
    #expect(found.sliced(axis: 1, 5..<7).values == c.values)
    checkGradients([a, b, c]) { Tensor.concatenated($0, axis: 1) }
    checkGradients([a, b]) { Tensor.concatenated([$0[0], $0[0], $0[1]], axis: 1) }
    let (x, y) = (sample("x", [2, 3]), sample("y", [1, 3]))
    checkGradients([x, y]) { Tensor.concatenated($0, axis: 0) }
  }

  @Test func padding() {
    let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(x.padded(axis: 1, before: 1, after: 2).values == [0, 1, 2, 3, 0, 0, 0, 4, 5, 6, 0, 0])
    #expect(x.padded(axis: 0, before: 1, after: 0).values == [0, 0, 0, 1, 2, 3, 4, 5, 6])
    #expect(x.reflected(axis: 1, before: 2, after: 1).values == [3, 2, 1, 2, 3, 2, 6, 5, 4, 5, 6, 5])
    checkGradients([sample("x", [2, 3])]) { $0[0].padded(axis: 1, before: 2, after: 1) }
    checkGradients([sample("x", [2, 3])]) { $0[0].reflected(axis: 1, before: 2, after: 1) }
  }

  @Test func gatheringAndScattering() {
    let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(x.gathered(axis: 1, [2, 0, 2]).values == [3, 1, 3, 6, 4, 6])
    #expect(x.gathered(axis: 0, [1]).values == [4, 5, 6])
    #expect(x.scattered(axis: 1, [3, 0, 3], count: 4).values == [2, 0, 0, 4, 5, 0, 0, 10])
    let y = sample("y", [2, 3, 2])
    checkGradients([y]) { $0[0].gathered(axis: 1, [2, 0, 2, 2]) }
    checkGradients([y]) { $0[0].scattered(axis: 1, [3, 0, 3], count: 5) }
  }

  /// Shapes of which either is repeated, and what becomes of them.
  static let repeated: [([Int], [Int], [Int])] = [
    ([3], [2, 3], [2, 3]), ([2, 1], [3], [2, 3]), ([2, 1, 3], [1, 4, 1], [2, 4, 3]), ([], [2, 2], [2, 2]),
    ([2, 3, 4], [2, 1, 4], [2, 3, 4]), ([2, 1, 4], [2, 3, 4], [2, 3, 4]), ([4, 1], [1, 5], [4, 5]),
    ([2, 3, 2, 2], [3, 1, 2], [2, 3, 2, 2]), ([1, 1], [1], [1, 1]), ([2, 3, 4], [2, 3, 1], [2, 3, 4]),
  ]

  @Test(arguments: repeated)
  func eitherSideIsRepeated(left: [Int], right: [Int], both: [Int]) {
    let (a, b) = (sample("a", left), sample("b", right))
    let (x, y) = (SlowArray(a), SlowArray(b))
    func expected(_ f: (Double, Double) -> Double) -> Tensor {
      func value(_ array: SlowArray, _ index: [Int]) -> Double {
        let own = index.suffix(array.shape.count)
        return Double(array[zip(own, array.shape).map { $1 == 1 ? 0 : $0 }])
      }
      return SlowArray.make(both) { f(value(x, $0), value(y, $0)) }
    }
    #expect((a + b).difference(from: expected(+)) < 1e-6)
    #expect((a - b).difference(from: expected(-)) < 1e-6)
    #expect((a * b).difference(from: expected(*)) < 1e-6)
    #expect((a / b).difference(from: expected(/)) < 1e-6)
    #expect(a.repeated(to: both).difference(from: expected { x, _ in x }) == 0)
    checkGradients([a, b]) { $0[0] + $0[1] }
    checkGradients([a, b]) { $0[0] - $0[1] }
    checkGradients([a, b]) { $0[0] * $0[1] }
    let away = Tensor(b.values.map { $0 + ($0 < 0 ? -1 : 1) }, shape: right)
    checkGradients([a, away]) { $0[0] / $0[1] }
    checkGradients([a]) { $0[0].repeated(to: both) }
  }

  @Test func flows() throws {
    let x = sample("x", [3]).asVariable()
    let weight = sample("w", [3])
    let reversed = try #require(gradients(of: (x.reversed(2) * weight).sum())[x])
    #expect(reversed.values == weight.values.map { -2 * $0 })
    #expect(x.reversed(2).values == x.values)
    let rounded = Tensor([1, 0, -1], shape: [3])
    let through = x.straightThrough(rounded)
    #expect(through.values == rounded.values)
    #expect(try #require(gradients(of: (through * weight).sum())[x]).values == weight.values)
  }
}
