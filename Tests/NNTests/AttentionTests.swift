import Foundation
import Kernels
import TensorCore
import Testing

/// Attention one number at a time, in double precision.
private func slowAttention(_ packed: Tensor, heads: Int, mask: Tensor?) -> [Float] {
  let (batch, tokens, width) = (packed.shape[0], packed.shape[1], packed.shape[2] / 3)
  let size = width / heads
  let values = packed.values.map { Double($0) }
  let added = mask?.values.map { Double($0) } ?? []
  func part(_ number: Int, _ list: Int, _ token: Int, _ head: Int) -> [Double] {
    let start = (list * tokens + token) * 3 * width + number * width + head * size
    return Array(values[start..<start + size])
  }
  func hidden(_ list: Int, _ query: Int, _ key: Int) -> Double {
    guard let shape = mask?.shape else { return 0 }
    let row = (shape[0] > 1 ? list : 0) * shape[1] + (shape[1] > 1 ? query : 0)
    return added[row * tokens + key]
  }
  var output = [Float](repeating: 0, count: batch * tokens * width)
  for list in 0..<batch {
    for head in 0..<heads {
      for query in 0..<tokens {
        let scores = (0..<tokens).map { key -> Double in
          let (q, k) = (part(0, list, query, head), part(1, list, key, head))
          var product = 0.0
          for i in 0..<size { product += q[i] * k[i] }
          let mask = hidden(list, query, key)
          return mask < -1e8 ? mask : product / Double(size).squareRoot() + mask
        }
        let top = scores.max() ?? 0
        let weights = scores.map { exp($0 - top) }
        let sum = weights.reduce(0, +)
        var mixed = [Double](repeating: 0, count: size)
        for key in 0..<tokens {
          let v = part(2, list, key, head)
          for i in 0..<size { mixed[i] += weights[key] / sum * v[i] }
        }
        for i in 0..<size { output[(list * tokens + query) * width + head * size + i] = Float(mixed[i]) }
      }
    }
  }
  return output
}

@Suite struct AttentionTests {
  /// Lists, tokens, heads, numbers of a head: about the borders of vectors and of blocks of queries.
  static let sizes = [
    [1, 1, 1, 1], [2, 3, 2, 2], [1, 17, 1, 3], [2, 16, 3, 4], [1, 65, 2, 5], [2, 130, 1, 8],
  ]

  private static func masks(batch: Int, tokens: Int) -> [Tensor?] {
    let shown = [[batch, 1, tokens], [1, tokens, tokens], [batch, tokens, tokens], [1, 1, tokens]]
    return [nil] + shown.map { sampleMask("mask", $0).hiding() } + [sample("bias", [batch, 1, tokens])]
  }

  @Test(arguments: sizes)
  func likeOneNumberAtATime(sizes: [Int]) {
    let (batch, tokens, heads, size) = (sizes[0], sizes[1], sizes[2], sizes[3])
    let packed = sample("packed", [batch, tokens, 3 * heads * size]) * 3
    for mask in AttentionTests.masks(batch: batch, tokens: tokens) {
      let output = packed.selfAttention(heads: heads, mask: mask)
      #expect(output.shape == [batch, tokens, heads * size])
      let expected = slowAttention(packed, heads: heads, mask: mask)
      #expect(relativeDifference(output.values, expected) < 2e-6, "mask \(mask?.shape ?? [])")
    }
  }

  @Test(arguments: [[1, 1, 1, 1], [2, 3, 2, 2], [1, 5, 1, 3], [1, 66, 1, 1]])
  func gradients(sizes: [Int]) {
    let (batch, tokens, heads, size) = (sizes[0], sizes[1], sizes[2], sizes[3])
    let packed = sample("packed", [batch, tokens, 3 * heads * size])
    for mask in AttentionTests.masks(batch: batch, tokens: tokens) {
      checkGradients([packed], "mask \(mask?.shape ?? [])") { $0[0].selfAttention(heads: heads, mask: mask) }
    }
  }

  /// What is hidden has no part in anything, and a query that sees nothing sees all alike.
  @Test func hiddenKeysHaveNoPart() throws {
    var shown = [Float](repeating: 1, count: 2 * 40)
    for key in 30..<40 { shown[key] = 0 }
    for key in 0..<40 { shown[40 + key] = 0 }
    let mask = Tensor(shown, shape: [2, 1, 40]).hiding()
    let packed = sample("packed", [2, 40, 12]).asVariable()
    let output = packed.selfAttention(heads: 2, mask: mask)
    let alone = Tensor(Array(packed.values[0..<30 * 12]), shape: [1, 30, 12]).selfAttention(heads: 2)
    #expect(relativeDifference(Array(output.values[0..<30 * 4]), alone.values) < 1e-6)
    let values = packed.values
    let means = (0..<4).map { i -> Float in
      let column = (0..<40).map { values[(40 + $0) * 12 + 8 + i] }
      return column.reduce(0, +) / 40
    }
    for query in 0..<40 {
      let from = (40 + query) * 4
      #expect(relativeDifference(Array(output.values[from..<from + 4]), means) < 1e-5)
    }
    let gradient = try #require(TensorCore.gradients(of: (output * output).sum())[packed])
    for token in 30..<40 {
      let row = Array(gradient.values[token * 12..<(token + 1) * 12])
      #expect(row[4..<12].allSatisfy { $0 == 0 }, "token \(token) is hidden and gets \(row)")
    }
  }

  @Test func largeScoresDoNotOverflow() {
    let packed = sample("packed", [1, 20, 24]) * 300
    let output = packed.selfAttention(heads: 2)
    #expect(relativeDifference(output.values, slowAttention(packed, heads: 2, mask: nil)) < 1e-4)
  }

  /// A list of 2000 tokens with 4 heads has 64 MB of weights. Neither way takes a quarter of that, results included: in
  /// a process of its own, since other tests take memory too.
  @Test func memoryIsLinearInTokens() async {
    await #expect(processExitsWith: .success) {
      let packed = sample("packed", [1, 2000, 48]).asVariable()
      let before = Kernels.allocatedBytes
      let output = packed.selfAttention(heads: 4)
      _ = TensorCore.gradients(of: output, seed: output.detached())
      let taken = Kernels.allocatedBytes - before
      precondition(taken < 16 << 20, "\(taken) bytes")
    }
  }
}
