import Foundation
import NN
import Skeleton
import TensorCore
import Testing

/// Points around so many centres, point i around centre i mod count.
private func clouds(_ count: Int, points: Int, width: Int, spread: Float) -> Tensor {
  let centres = sample("centres", [count, width]).values.map { $0 * 10 }
  let noise = sample("noise", [points, width]).values
  let values = noise.indices.map { i -> Float in
    let centre = i / width % count
    return centres[centre * width + i % width] + spread * noise[i]
  }
  return Tensor(values, shape: [points, width])
}

private func rows(_ tensor: Tensor) -> [[Double]] {
  let width = tensor.shape[1]
  let values = tensor.values.map { Double($0) }
  return (0..<tensor.shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
}

private func distance(_ a: [Double], _ b: [Double], _ kind: RowDistance) -> Double {
  func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
  let (aa, ab, bb) = (dot(a, a), dot(a, b), dot(b, b))
  return kind == .euclidean ? aa + bb - 2 * ab : 1 - ab / (aa * bb).squareRoot()
}

private func average(_ points: [[Double]]) -> [Double] {
  points[0].indices.map { i -> Double in
    let column = points.map { $0[i] }
    return column.reduce(0, +) / Double(points.count)
  }
}

@Suite struct ClusteringTests {
  @Test(arguments: RowDistance.allCases, [1, 2, 7])
  func nearestIsTheSmallestOfAll(kind: RowDistance, centres: Int) {
    let (x, c) = (sample("x", [23, 5]), sample("c", [centres, 5]))
    let found = nearestRows(of: x, in: c, by: kind)
    for (row, point) in rows(x).enumerated() {
      let all = rows(c).map { distance(point, $0, kind) }
      let least = all.enumerated().min { $0.element < $1.element }
      #expect(found.numbers[row] == least?.offset)
      let (measured, expected) = (Double(found.distances[row]), least?.element ?? 0)
      #expect(abs(measured - expected) < 1e-5)
    }
  }

  @Test func equalCentresGoToTheFirstAndFarDataKeepsItsDigits() {
    let c = Tensor([1, 1, 1, 1, 2, 2], shape: [3, 2])
    #expect(nearestRows(of: Tensor([1, 1, 3, 3], shape: [2, 2]), in: c).numbers == [0, 2])
    let far = Tensor([4096, 4096.5, 4097], shape: [3, 1])
    let found = nearestRows(of: Tensor([4096.125, 4096.375, 4096.875], shape: [3, 1]), in: far)
    #expect(found.numbers == [0, 1, 2])
    let expected = [Float](repeating: 1 / 64, count: 3)
    #expect(found.distances == expected)
  }

  /// Clouds that lie apart are found, whatever is drawn first, and each centre is its cloud's mean.
  @Test(arguments: RowDistance.allCases, [1, 2, 3, 4] as [UInt64])
  func findsTheClouds(kind: RowDistance, seed: UInt64) {
    let points = clouds(4, points: 60, width: 6, spread: 0.5)
    var random = KeyedRandom(seed: seed, view: "k-means")
    var means = KMeans(count: 4)
    (means.distance, means.starts) = (kind, 5)
    let found = means(points, random: &random)
    for row in 0..<60 { #expect(found.numbers[row] == found.numbers[row % 4]) }
    #expect(Set(found.numbers).count == 4)
    for cloud in 0..<4 {
      let own = rows(kind == .spherical ? points.normalizedRows() : points).enumerated().filter {
        $0.offset % 4 == cloud
      }
      var mean = average(own.map(\.element))
      if kind == .spherical {
        let squares = mean.map { $0 * $0 }
        let length = squares.reduce(0, +).squareRoot()
        mean = mean.map { $0 / length }
      }
      let centre = rows(found.centres)[found.numbers[cloud]]
      for (x, y) in zip(centre, mean) { #expect(abs(x - y) < 1e-5) }
    }
  }

  /// Of 9 points in 3 groups the sum of distances is the least of all 3⁹ ways to group them.
  @Test func fewPointsAreGroupedAsWellAsPossible() {
    let points = sample("points", [9, 2])
    let values = rows(points)
    var best = Double.infinity
    for code in 0..<19683 {
      var numbers: [Int] = []
      var rest = code
      for _ in 0..<9 {
        numbers.append(rest % 3)
        rest /= 3
      }
      var sum = 0.0
      for group in 0..<3 {
        let own = values.indices.filter { numbers[$0] == group }.map { values[$0] }
        if own.isEmpty { continue }
        let mean = average(own)
        for point in own { sum += distance(point, mean, .euclidean) }
      }
      best = min(best, sum)
    }
    var random = KeyedRandom(seed: 5, view: "k-means")
    var means = KMeans(count: 3)
    means.starts = 20
    let found = means(points, random: &random).inertia
    #expect(abs(found - best) < 1e-5)
  }

  @Test func everyCentreKeepsAPoint() {
    // Five points, three of them equal: four centres can have no more than three places.
    let points = Tensor([0, 0, 0, 1, 5], shape: [5, 1])
    var random = KeyedRandom(seed: 1, view: "k-means")
    let found = KMeans(count: 4)(points, random: &random)
    #expect(found.inertia == 0)
    let finite = found.centres.values.filter(\.isFinite)
    #expect(finite.count == 4)
    // Centres that start where no point is nearest get one.
    let refined = KMeans(count: 2).refine(points, from: Tensor([1, 100], shape: [2, 1]))
    #expect(Set(refined.numbers).count == 2)
    #expect(refined.numbers == [0, 0, 0, 0, 1])
  }

  @Test func drawsAreKeyed() {
    let points = sample("points", [100, 3])
    func run(_ seed: UInt64) -> [Int] {
      var random = KeyedRandom(seed: seed, view: "k-means")
      return KMeans(count: 9)(points, random: &random).numbers
    }
    #expect(run(3) == run(3))
    #expect(run(3) != run(4))
  }

  @Test(arguments: [0.05, 0.5] as [Float], [1, 3, 100])
  func sinkhornSharesRowsAmongColumns(epsilon: Float, iterations: Int) {
    let scores = sample("scores", [12, 4])
    let shares = rows(sinkhorn(scores, epsilon: epsilon, iterations: iterations))
    let sums = shares.map { $0.reduce(0, +) }
    for sum in sums { #expect(abs(sum - 1) < 1e-5) }
    // By the plain statement: exp, then columns and rows in turn.
    var plain = rows(scores).map { $0.map { exp($0 / Double(epsilon)) } }
    for _ in 0..<iterations {
      for column in 0..<4 {
        let sum = plain.map { $0[column] }.reduce(0, +)
        for row in 0..<12 { plain[row][column] *= 3 / sum }
      }
      for row in 0..<12 {
        let sum = plain[row].reduce(0, +)
        for column in 0..<4 { plain[row][column] /= sum }
      }
    }
    for (found, expected) in zip(shares, plain) {
      for (x, y) in zip(found, expected) { #expect(abs(x - y) < 1e-5) }
    }
    if iterations == 100 {
      for column in 0..<4 {
        let sum = shares.map { $0[column] }.reduce(0, +)
        #expect(abs(sum - 3) < 1e-3)
      }
    }
  }

  @Test func sinkhornTakesASmallEpsilon() {
    let shares = sinkhorn(sample("scores", [6, 3]) * 100, epsilon: 0.01, iterations: 50)
    let finite = shares.values.filter(\.isFinite)
    #expect(finite.count == 18)
    let sums = rows(shares).map { $0.reduce(0, +) }
    for sum in sums { #expect(abs(sum - 1) < 1e-5) }
  }

  @Test func interpolationGoesAlongTheSphere() {
    let (a, b) = (sample("a", [5, 4]).normalizedRows(), sample("b", [5, 4]).normalizedRows())
    #expect(
      relativeDifference(sphericalInterpolation(a, b, shares: [0, 0, 0, 0, 0]).values, a.values) < 1e-6)
    #expect(
      relativeDifference(sphericalInterpolation(a, b, shares: [1, 1, 1, 1, 1]).values, b.values) < 1e-6)
    for share in [0.25, 0.5, 0.8] as [Float] {
      let points = sphericalInterpolation(a, b, shares: [Float](repeating: share, count: 5))
      for (row, point) in rows(points).enumerated() {
        let (from, to) = (rows(a)[row], rows(b)[row])
        func angle(_ a: [Double], _ b: [Double]) -> Double { acos(1 - distance(a, b, .spherical)) }
        let squares = point.map { $0 * $0 }
        let (length, whole) = (squares.reduce(0, +), angle(from, to))
        #expect(abs(length - 1) < 1e-5)
        let (before, after) = (angle(from, point), angle(point, to))
        #expect(abs(before - Double(share) * whole) < 1e-4)
        #expect(abs(after - (1 - Double(share)) * whole) < 1e-4)
      }
    }
    let same = sphericalInterpolation(a, a, shares: [Float](repeating: 0.3, count: 5))
    #expect(relativeDifference(same.values, a.values) < 1e-6)
  }
}
