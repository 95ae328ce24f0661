import Skeleton
import TensorCore

/// Rows in groups, each around a centre.
public struct Clusters: Sendable {
  /// (K, D), of length 1 where distances are angles.
  public let centres: Tensor
  /// For each row the number of its centre.
  public let numbers: [Int]
  /// For each row how far it is from its centre: the squared difference, or 1 - cosine.
  public let distances: [Float]

  /// The sum of all distances.
  public var inertia: Double { distances.reduce(0) { $0 + Double($1) } }
}

/// Groups rows around centres so that the sum of distances is small. Values alone: no gradient flows.
///
/// First centres are drawn one after another, each row by its distance from those that are there (Arthur and
/// Vassilvitskii, "k-means++", 2007). Then rows go to the nearest centre and centres to the mean of their rows (Lloyd,
/// 1982), on the sphere to its direction (Dhillon and Modha, 2001). A centre that loses all its rows gets the one that
/// is farthest from its own.
public struct KMeans: Sendable {
  /// How many centres there are.
  public var count: Int
  /// What near means.
  public var distance = RowDistance.euclidean
  /// How often centres move at most; they stop where no row changes its centre.
  public var iterations = 20
  /// How often it begins anew; the best result counts.
  public var starts = 1

  /// `count` centres.
  public init(count: Int) { self.count = count }

  /// The clusters of `rows` (N, D), N at least `count`; `random` draws the first centres.
  public func callAsFunction(_ rows: Tensor, random: inout KeyedRandom) -> Clusters {
    precondition(
      rows.shape.count == 2 && count > 0 && rows.shape[0] >= count && starts > 0,
      "\(count) clusters of rows of shape \(rows.shape), \(starts) starts")
    let points = distance == .spherical ? rows.detached().normalizedRows() : rows.detached()
    var best: Clusters?
    for _ in 0..<starts {
      let found = refine(points, from: firstCentres(points, &random))
      if best.map({ found.inertia < $0.inertia }) ?? true { best = found }
    }
    guard let best else { preconditionFailure("no start of \(starts) gave clusters") }
    return best
  }

  /// Lloyd's iterations from these centres.
  public func refine(_ points: Tensor, from centres: Tensor) -> Clusters {
    var (centres, nearest) = (centres, nearestRows(of: points, in: centres, by: distance))
    for _ in 0..<iterations {
      centres = means(points, nearest)
      let next = nearestRows(of: points, in: centres, by: distance)
      let isDone = next.numbers == nearest.numbers
      nearest = next
      if isDone { break }
    }
    return Clusters(centres: centres, numbers: nearest.numbers, distances: nearest.distances)
  }

  /// Rows drawn by their distance from those drawn before, (K, D).
  private func firstCentres(_ points: Tensor, _ random: inout KeyedRandom) -> Tensor {
    var chosen = [random.integer(below: points.shape[0])]
    var distances = self.distances(points, to: chosen[0])
    while chosen.count < count {
      let total = distances.reduce(0) { $0 + Double($1) }
      // Where all points are centres already, any other does.
      var left = total > 0 ? Double(random.unit()) * total : 0
      var next = distances.indices.first { !chosen.contains($0) } ?? 0
      for (row, distance) in distances.enumerated() where distance > 0 {
        next = row
        left -= Double(distance)
        if left < 0 { break }
      }
      chosen.append(next)
      distances = zip(distances, self.distances(points, to: next)).map { min($0, $1) }
    }
    return points.rows(chosen)
  }

  /// How far each row is from the row of this number; 0 at least, whatever the rounding.
  private func distances(_ points: Tensor, to row: Int) -> [Float] {
    let centre = points.rows([row]).reshaped([points.shape[1]])
    let difference = points - centre
    let squares = difference.rowDot(difference).values
    // Of two directions 1 - cosine is half the squared difference.
    return distance == .spherical ? squares.map { $0 / 2 } : squares
  }

  /// The mean of each centre's rows, (K, D).
  private func means(_ points: Tensor, _ nearest: (numbers: [Int], distances: [Float])) -> Tensor {
    var numbers = nearest.numbers
    var counts = [Int](repeating: 0, count: count)
    for number in numbers { counts[number] += 1 }
    var distances = nearest.distances
    for empty in counts.indices where counts[empty] == 0 {
      let candidates = distances.indices.filter { counts[numbers[$0]] > 1 }
      guard let farthest = candidates.max(by: { distances[$0] < distances[$1] }) else { continue }
      counts[numbers[farthest]] -= 1
      (numbers[farthest], counts[empty], distances[farthest]) = (empty, 1, 0)
    }
    let width = points.shape[1]
    var sums = [Double](repeating: 0, count: count * width)
    let values = points.values
    for (row, number) in numbers.enumerated() {
      for i in 0..<width { sums[number * width + i] += Double(values[row * width + i]) }
    }
    let centres = Tensor(
      sums.enumerated().map { Float($1 / Double(max(counts[$0 / width], 1))) }, shape: [count, width])
    return distance == .spherical ? centres.normalizedRows() : centres
  }
}
