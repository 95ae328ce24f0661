import CKernels
import Foundation
import Kernels
import NN
import TensorCore
import Testing

/// What the loops of `CKernels` compute, one number at a time and in double precision.
private enum Reference {
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// One GRU step; `gates` (3H) the input's products, `recurrent` (3H) the state's: r, z, n, m and the new
  /// state.
  static func step(
    gates: [Double], recurrent: [Double], inputBias: [Double], hiddenBias: [Double], state: [Double]
  ) -> (r: [Double], z: [Double], n: [Double], m: [Double], state: [Double]) {
    let hidden = state.count
    func sum(_ gate: Int, _ j: Int) -> Double {
      let i = gate * hidden + j
      return gates[i] + recurrent[i] + inputBias[i] + hiddenBias[i]
    }
    let r = (0..<hidden).map { sigmoid(sum(0, $0)) }
    let z = (0..<hidden).map { sigmoid(sum(1, $0)) }
    let m = (0..<hidden).map { recurrent[2 * hidden + $0] + hiddenBias[2 * hidden + $0] }
    let n = (0..<hidden).map { tanh(gates[2 * hidden + $0] + inputBias[2 * hidden + $0] + r[$0] * m[$0]) }
    let next = (0..<hidden).map { (1 - z[$0]) * n[$0] + z[$0] * state[$0] }
    return (r, z, n, m, next)
  }
}

@Suite struct KernelTests {
  /// Every power-of-two boundary of the vector loops, and what lies beside it.
  static let lengths = Array(0...40) + [63, 64, 65, 100]

  @Test(arguments: lengths)
  func transcendentals(count: Int) {
    let x = sample("x", [count]).values.enumerated().map { $1 * ($0 % 2 == 0 ? 3 : 30) }
    var y = [Float](repeating: 0, count: count)
    unsafe ck_exp(count, x, &y)
    for (x, y) in zip(x, y) { #expect(abs(Double(y) / exp(Double(x)) - 1) < 2e-7) }
    unsafe ck_sigmoid(count, x, &y)
    for (x, y) in zip(x, y) { #expect(abs(Double(y) - Reference.sigmoid(Double(x))) < 2e-7) }
    unsafe ck_tanh(count, x, &y)
    for (x, y) in zip(x, y) { #expect(abs(Double(y) - tanh(Double(x))) < 3e-7) }
  }

  @Test func exponentialOverItsWholeRange() {
    let x = stride(from: -87 as Float, through: 88, by: 1 / 64).map { $0 }
    var y = [Float](repeating: 0, count: x.count)
    unsafe ck_exp(x.count, x, &y)
    let worst = zip(x, y).map { abs(Double($1) / exp(Double($0)) - 1) }.max() ?? 1
    #expect(worst < 2e-7)
    var ends = [Float](repeating: 0, count: 4)
    unsafe ck_exp(4, [-1e30, -1000, 1000, 1e30], &ends)
    #expect(ends[0] < 2e-38 && ends[1] < 2e-38 && ends[2] > 2e38 && ends[3] > 2e38)
    unsafe ck_sigmoid(2, [-1000, 1000], &ends)
    #expect(ends[0] < 1e-37 && ends[1] == 1)
    unsafe ck_tanh(2, [-1000, 1000], &ends)
    #expect(ends[0] == -1 && ends[1] == 1)
  }

  @Test(arguments: [1, 2, 3, 7, 8, 16, 19, 33], [0, 1] as [Int32])
  func gruStep(hidden: Int, keeps: Int32) {
    let rows = 3
    let stride = 4 * hidden
    let gates = sample("gates", [rows, stride]).values
    let recurrent = sample("recurrent", [rows, 3 * hidden]).values
    let inputBias = sample("input", [3 * hidden]).values
    let hiddenBias = sample("hidden", [3 * hidden]).values
    let before = sample("state", [rows, hidden]).values
    var (after, state) = (gates, before)
    var output = [Float](repeating: 0, count: rows * hidden)
    unsafe ck_gru_step(
      rows, hidden, keeps, &after, stride, recurrent, 3 * hidden, inputBias, hiddenBias, &state, hidden,
      &output,
      hidden)
    #expect(state == output)
    for row in 0..<rows {
      func slice(_ values: [Float], _ width: Int, _ count: Int) -> [Double] {
        values[row * width..<row * width + count].map(Double.init)
      }
      let expected = Reference.step(
        gates: slice(gates, stride, 3 * hidden), recurrent: slice(recurrent, 3 * hidden, 3 * hidden),
        inputBias: inputBias.map(Double.init), hiddenBias: hiddenBias.map(Double.init),
        state: slice(before, hidden, hidden))
      for (a, b) in zip(slice(state, hidden, hidden), expected.state) { #expect(abs(a - b) < 1e-6) }
      let kept = expected.r + expected.z + expected.n + expected.m
      if keeps == 1 {
        for (a, b) in zip(slice(after, stride, stride), kept) { #expect(abs(a - b) < 1e-6) }
      } else {
        #expect(after == gates)
      }
    }
  }

  @Test(arguments: [1, 2, 3, 7, 8, 16, 19, 33])
  func gruStepBackward(hidden: Int) {
    let rows = 3
    let gates = sample("gates", [rows, 4 * hidden]).values
    let previous = sample("previous", [rows, hidden]).values
    let outer = sample("outer", [rows, hidden]).values
    let carried = sample("carried", [rows, hidden]).values
    let before = sample("direct", [rows, hidden]).values
    let sumsBefore = sample("sums", [4 * hidden]).values
    var (direct, sums) = (before, sumsBefore)
    var gradients = [Float](repeating: 0, count: rows * 4 * hidden)
    unsafe ck_gru_step_backward(
      rows, hidden, gates, 4 * hidden, previous, hidden, outer, hidden, carried, hidden, &direct, hidden,
      &gradients, 4 * hidden, &sums)
    var expectedSums = sumsBefore
    for row in 0..<rows {
      for j in 0..<hidden {
        func gate(_ index: Int) -> Float { gates[row * 4 * hidden + index * hidden + j] }
        let (r, z, n, m, i) = (gate(0), gate(1), gate(2), gate(3), row * hidden + j)
        let dh = outer[i] + carried[i] + before[i]
        let dn = dh * (1 - z) * (1 - n * n)
        let expected = [dn * m * r * (1 - r), dh * (previous[i] - n) * z * (1 - z), dn * r, dn]
        #expect(abs(direct[i] - dh * z) < 1e-6)
        for (index, value) in expected.enumerated() {
          #expect(abs(gradients[row * 4 * hidden + index * hidden + j] - value) < 1e-5)
          expectedSums[index * hidden + j] += value
        }
      }
    }
    for (a, b) in zip(sums, expectedSums) { #expect(abs(a - b) < 1e-5) }
  }

  @Test(arguments: [1, 2, 15, 16, 17, 33, 100])
  func softmax(width: Int) {
    let rows = 3
    let x = sample("x", [rows, width]).values
    let (y, logSums) = Kernels.softmaxRows(Storage(x), width: width, scale: 5)
    for row in 0..<rows {
      let exponentials = x[row * width..<(row + 1) * width].map { exp(5 * Double($0)) }
      let sum = exponentials.reduce(0, +)
      #expect(abs(Double(logSums.values[row]) - log(sum)) < 1e-6)
      for j in 0..<width { #expect(abs(Double(y.values[row * width + j]) - exponentials[j] / sum) < 1e-6) }
    }
  }

  /// Products on both sides of every tile, panel and slice, against sums in double precision.
  @Test(arguments: [1, 16, 17], [1, 255, 256, 257])
  func packedProduct(columns: Int, depth: Int) {
    let mostRows = 25
    let (a, b) = (sample("a", [mostRows, depth]).values, sample("b", [depth, columns]).values)
    let transposed = (0..<columns * depth).map { b[$0 % depth * columns + $0 / depth] }
    let width = (columns + 15) / 16 * 16
    var expected = [Double](repeating: 0, count: mostRows * width)
    for row in 0..<mostRows {
      for k in 0..<depth {
        for column in 0..<columns {
          expected[row * width + column] += Double(a[row * depth + k]) * Double(b[k * columns + column])
        }
      }
    }
    for (matrix, rowStride, columnStride) in [(b, columns, 1), (transposed, 1, depth)] {
      for rows in 1...mostRows {
        // Arrays do not promise the 64-byte boundaries that products ask for: sixteen floats more, and start
        // inside.
        var packed = [Float](repeating: .nan, count: width * depth + 16)
        var c = [Float](repeating: .nan, count: rows * width + 16)
        let result = unsafe packed.withUnsafeMutableBufferPointer { packed in
          unsafe c.withUnsafeMutableBufferPointer { c -> [Float] in
            guard let packed = packed.baseAddress, let c = c.baseAddress else { return [] }
            let (to, result) = unsafe (aligned(packed), aligned(c))
            unsafe ck_pack(depth, columns, matrix, rowStride, columnStride, to)
            unsafe ck_product(rows, depth, width / 16, a, depth, to, result, width)
            return unsafe Array(UnsafeBufferPointer(start: result, count: rows * width))
          }
        }
        let worst = zip(result, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
        #expect(worst < 1e-5, "\(rows) rows")
      }
    }
  }

  @unsafe private func aligned(_ pointer: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
    let address = UInt(bitPattern: pointer)
    return unsafe pointer + Int((64 - address % 64) % 64 / 4)
  }
}
