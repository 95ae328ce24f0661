import TensorCore
import Testing

@Suite struct TensorTests {
  /// Shapes of a left side with each right side that may be repeated over it.
  static let repeated: [([Int], [Int])] = [
    ([3], [3]), ([2, 3], [2, 3]), ([2, 3], [3]), ([2, 3], [1, 3]), ([2, 4, 3], [3]), ([2, 4, 3], [1, 1, 3]),
    ([2, 4, 3], [4, 3]), ([2, 3], []), ([2, 3], [1]), ([], []), ([1, 1], [1]),
  ]

  @Test(arguments: repeated)
  func arithmeticGradients(left: [Int], right: [Int]) {
    let (a, b) = (sample("a", left), sample("b", right))
    checkGradients([a, b]) { $0[0] + $0[1] }
    checkGradients([a, b]) { $0[0] - $0[1] }
    checkGradients([a, b]) { $0[0] * $0[1] }
    checkGradients([a]) { ($0[0] + b) * b - b }
    checkGradients([b]) { a * $0[0] }
  }

  @Test func repeatedValues() {
    let a = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect((a + Tensor([10, 20, 30], shape: [1, 3])).values == [11, 22, 33, 14, 25, 36])
    #expect((a - Tensor(scalar: 1)).values == [0, 1, 2, 3, 4, 5])
    #expect((a * Tensor([2, 0, 1], shape: [3])).values == [2, 0, 3, 8, 0, 6])
    #expect((a * 2).values == [2, 4, 6, 8, 10, 12])
    #expect(a.sum().scalar == 21)
    #expect(a.mean().scalar == 3.5)
    #expect((a - Tensor([3, 3, 3], shape: [3])).relu().values == [0, 0, 0, 1, 2, 3])
  }

  @Test(arguments: [[], [1], [5], [2, 3], [2, 3, 2]])
  func elementGradients(shape: [Int]) {
    // Away from 0, where relu has no derivative.
    let away = Tensor(sample("x", shape).values.map { $0 + ($0 < 0 ? -0.1 : 0.1) }, shape: shape)
    checkGradients([away]) { $0[0].relu() }
    checkGradients([away]) { $0[0] * 3 }
    checkGradients([away]) { $0[0].sum() }
    checkGradients([away]) { $0[0].mean() }
    checkGradients([away]) { $0[0].reshaped([away.count]) }
    checkGradients([away], "used three times") { ($0[0] + $0[0]) * $0[0] }
    let (other, mask) = (sample("other", shape), sampleMask("mask", shape))
    checkGradients([away]) { $0[0].blend(into: other, mask: mask) }
  }

  @Test func replacedRowsGoOnFromTheStart() {
    let a = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
    let other = Tensor([7, 8, 9, 10], shape: [2, 2])
    #expect(a.replacingRows(from: 0, with: other).values == [7, 8, 9, 10, 5, 6])
    #expect(a.replacingRows(from: 1, with: other).values == [1, 2, 7, 8, 9, 10])
    #expect(a.replacingRows(from: 2, with: other).values == [9, 10, 3, 4, 7, 8])
    #expect(a.replacingRows(from: 2, with: a).values == [3, 4, 5, 6, 1, 2])
    #expect(a.values == [1, 2, 3, 4, 5, 6])
  }

  @Test func blendShowsWhereTheMaskIsOne() {
    let (a, b) = (Tensor([1, 2, 3], shape: [3]), Tensor([7, 8, 9], shape: [3]))
    #expect(a.blend(into: b, mask: Tensor([1, 0, 1], shape: [3])).values == [7, 2, 9])
  }

  @Test(arguments: [
    [1, 1, 1], [1, 1, 4], [1, 3, 1], [2, 1, 1], [2, 3, 4], [5, 3, 1], [5, 1, 4], [5, 3, 4],
  ])
  func productGradients(sizes: [Int]) {
    let (m, k, n) = (sizes[0], sizes[1], sizes[2])
    checkGradients([sample("a", [m, k]), sample("b", [k, n])]) { $0[0].matmul($0[1]) }
    checkGradients([sample("a", [m, k]), sample("b", [n, k])]) { $0[0].matmul($0[1], transposed: true) }
    let (a, b) = (sample("a", [2, m, k]), sample("b", [n, k]))
    checkGradients([a]) { $0[0].matmul(b, transposed: true) }
    checkGradients([b]) { a.matmul($0[0], transposed: true) }
  }

  @Test func productValues() {
    let a = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(a.matmul(Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2])).values == [4, 5, 10, 11])
    #expect(a.matmul(Tensor([1, 0, 0, 1, 1, 1], shape: [2, 3]), transposed: true).values == [1, 6, 4, 15])
  }

  @Test(arguments: [[1, 1], [1, 4], [3, 4], [2, 3, 4]])
  func rowGradients(shape: [Int]) {
    let x = Tensor(sample("x", shape).values.map { $0 + 0.5 }, shape: shape)
    checkGradients([x]) { $0[0].normalizedRows() }
    checkGradients([x], "shorter than epsilon") { $0[0].normalizedRows(epsilon: 10) }
    checkGradients([x]) { $0[0].rows([0]) }
    checkGradients([x]) { $0[0].rows([shape[0] - 1, 0, 0]) }
    if shape.count == 3 { checkGradients([x]) { $0[0].lastStep() } }
    if shape.count == 2 {
      checkGradients([x, sample("y", shape)]) { $0[0].rowDot($0[1]) }
      checkGradients([x]) { $0[0].rowDot(sample("y", shape)) }
    }
  }

  @Test func rowValues() {
    let a = Tensor([3, 4, 0, 0, 0, 2], shape: [3, 2])
    let normalized = a.normalizedRows().values
    #expect(relativeDifference(normalized, [0.6, 0.8, 0, 0, 0, 1]) < 1e-6)
    #expect(a.rows([2, 0]).values == [0, 2, 3, 4])
    #expect(a.rowDot(a).values == [25, 0, 4])
    #expect(Tensor([1, 2, 3, 4, 5, 6, 7, 8], shape: [2, 2, 2]).lastStep().values == [3, 4, 7, 8])
  }

  #if DEBUG
    // Optimized programs stop as well, but without the words.
    @Test func shapeMistakesNameTheShapes() async throws {
      let sum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([2, 3]) + .zeros([2])
      }
      let product = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.zeros([2, 3]).matmul(.zeros([4, 5]))
      }
      for (result, shapes) in [(sum, ["[2, 3]", "[2]"]), (product, ["[2, 3]", "[4, 5]"])] {
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        for shape in shapes { #expect(text.contains(shape), "\(text)") }
      }
    }
  #endif

  @Test func onlyVariablesAreRemembered() throws {
    let constant = sample("a", [3])
    #expect(!(constant + constant).isVariable)
    let x = constant.asVariable()
    let y = x * 2
    #expect(y.isVariable)
    #expect(!y.detached().isVariable)
    let found = gradients(of: (y * y.detached()).sum())
    #expect(found[constant] == nil)
    #expect(found[y] == nil)
    #expect(try #require(found[x]).values == y.values.map { $0 * 2 })
  }

  @Test func gradientsAddUp() throws {
    let x = sample("x", [4]).asVariable()
    let loss = (x * x).sum()
    var total = gradients(of: loss)
    let first = try #require(total[x])
    total.accumulate(gradients(of: loss))
    total.accumulate(gradients(of: x.sum()))
    #expect(try #require(total[x]).values == x.values.map { 4 * $0 + 1 })
    #expect(first.values == x.values.map { 2 * $0 }, "a gradient that was handed out does not change")
  }
}
