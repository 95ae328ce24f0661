import Foundation
import NN
import TensorCore
import Testing

private func rows(_ tensor: Tensor) -> [[Double]] {
  let width = tensor.shape[1]
  let values = tensor.values.map(Double.init)
  return (0..<tensor.shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
}

private func logSoftmax(_ row: [Double]) -> [Double] {
  let sum = log(row.map(exp).reduce(0, +))
  return row.map { $0 - sum }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

private func divided(_ row: [Double], by temperature: Double) -> [Double] { row.map { $0 / temperature } }

/// The mean of a number for each row of two matrices.
private func mean(_ a: Tensor, _ b: Tensor, _ value: ([Double], [Double]) -> Double) -> Double {
  mean(zip(rows(a), rows(b)).map { pair in value(pair.0, pair.1) })
}

private func cosine(_ a: [Double], _ b: [Double]) -> Double {
  dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
}

/// A column of a matrix less its mean.
private func centred(_ matrix: [[Double]], _ column: Int) -> [Double] {
  let values = matrix.map { $0[column] }
  let mean = values.reduce(0, +) / Double(values.count)
  return values.map { $0 - mean }
}

private func expectClose(_ found: Tensor, _ expected: Double, _ tolerance: Double = 2e-6) {
  let difference = abs(Double(found.scalar) - expected)
  #expect(difference < tolerance * max(1, abs(expected)), "\(found.scalar) for \(expected)")
}

/// Losses against their formulas one number at a time, in double precision, and against differences.
@Suite struct ContrastLossTests {
  @Test(arguments: [1, 3], [1, 2, 17])
  func softTargets(count: Int, classes: Int) {
    let logits = sample("logits", [count, classes])
    let target = sample("p", [count, classes]).softmax()
    let expected = mean(logits, target) { row, p in -dot(logSoftmax(divided(row, by: 0.3)), p) }
    expectClose(softCrossEntropy(logits, target: target, temperature: 0.3), expected)
    checkGradients([logits]) { softCrossEntropy($0[0], target: target, temperature: 0.3) }
  }

  @Test func smoothedLabels() {
    let (logits, labels) = (sample("logits", [3, 5]), [0, 4, 2])
    let each = rows(logits).enumerated().map { row, values -> Double in
      let logs = logSoftmax(values)
      return -0.9 * logs[labels[row]] - 0.02 * logs.reduce(0, +)
    }
    let expected = mean(each)
    expectClose(softmaxCrossEntropy(logits, labels: labels, smoothing: 0.1), expected)
    let hard = softmaxCrossEntropy(logits, labels: labels, smoothing: 0).scalar
    expectClose(softmaxCrossEntropy(logits, labels: labels), Double(hard))
    checkGradients([logits]) { softmaxCrossEntropy($0[0], labels: labels, smoothing: 0.1) }
  }

  @Test func minedPositivesCountAlike() {
    let logits = sample("logits", [3, 6])
    let mask = Tensor([1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], shape: [3, 6])
    let expected = mean(logits, mask) { row, mask in
      -dot(logSoftmax(divided(row, by: 0.2)), mask) / mask.reduce(0, +)
    }
    expectClose(minedInfoNCE(logits, positives: mask, temperature: 0.2), expected)
    checkGradients([logits], step: 1 / 512) { minedInfoNCE($0[0], positives: mask, temperature: 0.2) }
  }

  @Test(arguments: [1, 4], [1, 7])
  func positivesShareAProbability(positives: Int, negatives: Int) {
    let (own, others) = (sample("own", [3, positives]), sample("others", [3, negatives]))
    let expected = mean(own, others) { own, others in
      let logs = logSoftmax(divided(own + others, by: 0.4))
      let shares = logs.prefix(own.count).map { exp($0) }
      return -log(shares.reduce(0, +))
    }
    func loss(_ own: Tensor, _ others: Tensor) -> Tensor {
      multiPositiveInfoNCE(positives: own, negatives: others, temperature: 0.4)
    }
    expectClose(loss(own, others), expected)
    checkGradients([own, others]) { loss($0[0], $0[1]) }
    if positives == 1 {
      let single = infoNCE(positive: own.reshaped([3]), negatives: others, temperature: 0.4)
      expectClose(loss(own, others), Double(single.scalar))
    }
    let far = multiPositiveInfoNCE(positives: own * 1000, negatives: others * 1000, temperature: 0.01)
    #expect(far.scalar.isFinite)
  }

  @Test func directions() {
    let (q, k) = (sample("q", [4, 3]) * 5, sample("k", [4, 3]))
    expectClose(byol(prediction: q, target: k), mean(q, k) { 2 - 2 * cosine($0, $1) })
    let errors = mean(q, k) { a, b -> Double in
      let error = 1 - cosine(a, b)
      return error * error
    }
    expectClose(cosineReconstruction(q, target: k), errors)
    checkGradients([q]) { byol(prediction: $0[0], target: k) }
    checkGradients([q]) { cosineReconstruction($0[0], target: k) }
  }

  @Test(arguments: [2, 5, 40])
  func barlow(count: Int) {
    let (a, b) = (sample("a", [count, 6]) * 3, sample("b", [count, 6]))
    func standard(_ z: Tensor) -> [[Double]] {
      (0..<6).map { column in
        let values = centred(rows(z), column)
        let deviation = (dot(values, values) / Double(count) + 1e-5).squareRoot()
        return values.map { $0 / deviation }
      }
    }
    var expected = 0.0
    for (i, x) in standard(a).enumerated() {
      for (j, y) in standard(b).enumerated() {
        let correlation = dot(x, y) / Double(count)
        expected += i == j ? (correlation - 1) * (correlation - 1) : 0.05 * correlation * correlation
      }
    }
    expectClose(barlowTwins(a, b, offDiagonal: 0.05), expected, 1e-5)
    if count > 2 {
      checkGradients([a, b], step: 1 / 512, tolerance: 1e-2) { barlowTwins($0[0], $0[1], offDiagonal: 0.05) }
      checkGradients([b], step: 1 / 512, tolerance: 1e-2) { barlowTwins(a, $0[0], offDiagonal: 0.05) }
    }
  }

  @Test(arguments: [2, 5, 40], [0.3, 1.5] as [Float])
  func spread(count: Int, size: Float) {
    let z = sample("z", [count, 4]) * size
    let columns = (0..<4).map { centred(rows(z), $0) }
    func covariance(_ i: Int, _ j: Int) -> Double { dot(columns[i], columns[j]) / Double(count - 1) }
    let gaps = (0..<4).map { i -> Double in
      let deviation = (covariance(i, i) + 1e-4).squareRoot()
      return max(0, 1 - deviation)
    }
    let hinge = mean(gaps)
    expectClose(varianceHinge(z), hinge)
    var penalty = 0.0
    for i in 0..<4 {
      for j in 0..<4 where i != j { penalty += covariance(i, j) * covariance(i, j) / 4 }
    }
    expectClose(covariancePenalty(z), penalty)
    if hinge > 0.01 { checkGradients([z], step: 1 / 512) { varianceHinge($0[0]) } }
    checkGradients([z]) { covariancePenalty($0[0]) }
  }

  /// By Möbius addition, as the paper states it.
  @Test func hyperbolicDistances() {
    var values = sample("v", [5, 3]).values
    for i in 0..<3 { values[i] *= 20 }  // far outside: pulled back
    for i in 3..<6 { values[i] = 0 }  // in the middle
    let (v, w) = (Tensor(values, shape: [5, 3]), sample("w", [5, 3]) * 2)
    func point(_ v: [Double]) -> [Double] {
      let length = max(dot(v, v).squareRoot(), 1e-15)
      return v.map { $0 / length * min(tanh(length), 1 - 1e-5) }
    }
    let found = poincareDistance(v, to: w).values
    for (row, (v, w)) in zip(rows(v), rows(w)).enumerated() {
      let (x, y) = (point(v).map { -$0 }, point(w))
      let (xx, xy, yy) = (dot(x, x), dot(x, y), dot(y, y))
      let bottom = 1 + 2 * xy + xx * yy
      let (toX, toY) = ((1 + 2 * xy + yy) / bottom, (1 - xx) / bottom)
      let sum = x.indices.map { i -> Double in toX * x[i] + toY * y[i] }
      let length = dot(sum, sum).squareRoot()
      let expected = 2 * atanh(min(length, 1 - 1e-7))
      let difference = abs(Double(found[row]) - expected)
      #expect(difference < 1e-5 * expected, "row \(row)")
    }
    checkGradients([sample("near", [4, 3])], step: 1 / 256) {
      poincareDistance($0[0], to: sample("other", [4, 3]))
    }
    checkGradients([v.rows([0])]) { poincareDistance($0[0], to: w.rows([0])) }
  }

  /// Where two points are the same the distance has no slope; where they are as far as can be told, neither.
  @Test func theEndsOfHyperbolicDistanceAreQuiet() throws {
    let x = Tensor([0.5, 0.25, 30, 0], shape: [2, 2]).asVariable()
    let y = Tensor([0.5, 0.25, -30, 0], shape: [2, 2])
    let distances = poincareDistance(x, to: y)
    #expect(distances.values[0] == 0)
    let most = Float(2 * atanh(1 - 1e-7))
    #expect(abs(distances.values[1] - most) < 1e-5)
    let found = try #require(gradients(of: distances.sum())[x])
    #expect(found.values == [0, 0, 0, 0])
  }
}
