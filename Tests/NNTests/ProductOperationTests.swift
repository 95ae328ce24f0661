import NN
import TensorCore
import Testing

@Suite struct ProductOperationTests {
  /// m, k, n, with and without whole vectors of 16 columns and tiles of 12 rows; the last goes to the library.
  static let sizes = [
    [1, 1, 1], [3, 2, 4], [13, 5, 17], [12, 7, 16], [30, 3, 33], [2, 300, 5], [70, 64, 70],
  ]

  private static func turned(_ x: Tensor, _ isTurned: Bool) -> Tensor {
    let axes = Array(x.shape.indices)
    return isTurned ? x.permuted(axes.dropLast(2) + [axes[axes.count - 1], axes[axes.count - 2]]) : x
  }

  private static func reference(_ a: Tensor, _ b: Tensor, shared: Int) -> Tensor {
    let (x, y) = (SlowArray(a), SlowArray(b))
    let (m, k, n) = (a.shape[1], a.shape[2], b.shape[2])
    return SlowArray.make([b.shape[0], m, n]) { index in
      (0..<k).reduce(0.0) {
        $0 + Double(x[[index[0] / shared, index[1], $1]]) * Double(y[[index[0], $1, index[2]]])
      }
    }
  }

  @Test(arguments: sizes, [(1, 1), (3, 1), (4, 2), (6, 6)])
  func batchedProducts(sizes: [Int], batch: (products: Int, shared: Int)) throws {
    let (m, k, n) = (sizes[0], sizes[1], sizes[2])
    guard m * k * n < 100_000 || batch.products < 4 else { return }
    let a = sample("a", [batch.products / batch.shared, m, k])
    let b = sample("b", [batch.products, k, n])
    let expected = Self.reference(a, b, shared: batch.shared)
    let seed = sample("seed", expected.shape)
    var found: [[Float]] = []
    for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
      let x = Self.turned(a, left).asVariable()
      let y = Self.turned(b, right).asVariable()
      let leading = [batch.products / batch.shared, batch.shared]
      let wide = batch.shared == 1 ? y : y.reshaped(leading + y.shape.dropFirst())
      let product = x.batchedMatmul(wide, transposed: left, otherTransposed: right).reshaped(expected.shape)
      #expect(product.difference(from: expected) < 1e-5, "\(left) \(right)")
      let gradients = gradients(of: product, seed: seed)
      let toA = Self.turned(try #require(gradients[x]), left).values
      let toB = Self.turned(try #require(gradients[y]), right).values
      if found.isEmpty { found = [toA, toB] }
      #expect(relativeDifference(toA, found[0]) < 1e-5, "\(left) \(right)")
      #expect(relativeDifference(toB, found[1]) < 1e-5, "\(left) \(right)")
    }
  }

  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func batchedProductGradients(left: Bool, right: Bool) {
    let a = Self.turned(sample("a", [2, 3, 4]), left)
    let b = Self.turned(sample("b", [2, 4, 5]), right)
    checkGradients([a, b]) { $0[0].batchedMatmul($0[1], transposed: left, otherTransposed: right) }
    let wide = Self.turned(sample("wide", [2, 3, 4, 5]), right)
    checkGradients([a, wide]) { $0[0].batchedMatmul($0[1], transposed: left, otherTransposed: right) }
    let narrow = Self.turned(sample("narrow", [3, 4]), left)
    checkGradients([narrow, wide]) { $0[0].batchedMatmul($0[1], transposed: left, otherTransposed: right) }
    let many = Self.turned(sample("many", [2, 2, 3, 4]), left)
    checkGradients([many, b]) { $0[0].batchedMatmul($0[1], transposed: left, otherTransposed: right) }
  }

  @Test(arguments: [
    ("ntvc,kvw->ntkwc", [2, 3, 4, 2], [2, 4, 5]), ("ij,jk->ik", [2, 3], [3, 4]),
    ("ij,ij->i", [3, 4], [3, 4]),
    ("bqd,bkd->bqk", [2, 3, 4], [2, 5, 4]), ("nd,ne->de", [4, 2], [4, 3]), ("ac,bd->badc", [2, 3], [3, 2]),
    ("ntc,nwc->cwnt", [2, 3, 2], [2, 4, 2]),
  ])
  func contractions(formula: String, left: [Int], right: [Int]) {
    let (a, b) = (sample("a", left), sample("b", right))
    let (x, y) = (SlowArray(a), SlowArray(b))
    let names = formula.split(whereSeparator: { ",->".contains($0) }).map(Array.init)
    var lengths: [Character: Int] = [:]
    for (letter, length) in zip(names[0] + names[1], left + right) { lengths[letter] = length }
    let summed = Array(Set(names[0]).intersection(names[1]).subtracting(names[2]))
    let expected = SlowArray.make(names[2].map { lengths[$0] ?? 0 }) { index in
      SlowArray.indices(summed.map { lengths[$0] ?? 0 }).reduce(0.0) { total, inner in
        let at = Dictionary(uniqueKeysWithValues: Array(zip(names[2] + summed, index + inner)))
        return total + Double(x[names[0].map { at[$0] ?? 0 }]) * Double(y[names[1].map { at[$0] ?? 0 }])
      }
    }
    #expect(a.contracted(formula, b).difference(from: expected) < 1e-6)
    checkGradients([a, b]) { $0[0].contracted(formula, $0[1]) }
  }

  @Test func graphsSendToNeighbours() {
    let (x, graphs) = (sample("x", [2, 3, 5, 17]), sample("g", [3, 5, 4]))
    let expected = x.contracted("ntvc,kvw->ntwkc", graphs)
    #expect(x.spread(along: graphs).difference(from: expected) < 1e-6)
    checkGradients([sample("x", [2, 2, 3, 2]), sample("g", [2, 3, 4])]) { $0[0].spread(along: $0[1]) }
  }

  @Test(arguments: [[1, 1, 1, 1], [2, 5, 4, 3], [2, 6, 5, 16], [1, 9, 7, 35]])
  func graphsOfEachChannel(sizes: [Int]) {
    let x = sample("x", sizes)
    let graphs = sample("g", [sizes[0], 6, sizes[2], sizes[3]])
    let expected = x.contracted("ntvc,nwvc->ntwc", graphs)
    #expect(x.spread(alongEachChannel: graphs).difference(from: expected) < 1e-5)
    guard x.count < 200 else { return }
    checkGradients([x, graphs]) { $0[0].spread(alongEachChannel: $0[1]) }
  }

  @Test func gradientsOfEachChannelInVectors() throws {
    let (x, graphs) = (sample("x", [2, 9, 5, 18]).asVariable(), sample("g", [2, 6, 5, 18]).asVariable())
    let seed = sample("seed", [2, 9, 6, 18])
    let fast = gradients(of: x.spread(alongEachChannel: graphs), seed: seed)
    let slow = gradients(of: x.contracted("ntvc,nwvc->ntwc", graphs), seed: seed)
    for variable in [x, graphs] {
      #expect(try #require(fast[variable]).difference(from: try #require(slow[variable])) < 1e-5)
    }
  }
}
