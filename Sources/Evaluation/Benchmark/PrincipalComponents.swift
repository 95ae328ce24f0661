/// The two directions in which points spread most, found by repeated multiplication (Bathe's subspace iteration).
///
/// Eight directions are taken along, so that the first two are found although the next are nearly as strong; nothing
/// of size D × D is made. All sums are of 64 bits, and the start is fixed, so equal points give equal maps.
struct PrincipalComponents {
  /// The points in the plane of the two directions, (N, 2); each axis points where its largest weight is positive.
  let points: [(x: Double, y: Double)]
  /// The share of all variance that each of the two directions has.
  let shares: (x: Double, y: Double)

  /// Directions that are taken along.
  private static let width = 8
  /// The most passes over the points; far fewer are needed unless the points are round.
  private static let passes = 300

  /// The components of points, (N, D) row by row.
  init(_ values: [Float], count: Int, dimensions: Int) {
    precondition(values.count == count * dimensions, "\(values.count) numbers for \(count) × \(dimensions)")
    guard count > 1, dimensions > 0 else {
      points = [(x: Double, y: Double)](repeating: (0, 0), count: count)
      shares = (0, 0)
      return
    }
    let centred = Self.centred(values, count: count, dimensions: dimensions)  // (N, D)
    let total = Self.product(centred, centred)
    let width = min(Self.width, dimensions)
    // Rows are directions, (width, D): a fixed start that no data is likely to be at right angles to.
    var basis = (0..<width).map { row in
      (0..<dimensions).map { column -> Double in
        let peak = 1 / Double(1 + (column * 37 + row * 101) % 251)
        return column % (row + 2) == 0 ? peak - 0.5 : peak
      }
    }
    Self.makeOrthonormal(&basis)
    var strengths = [Double](repeating: 0, count: width)
    for _ in 0..<Self.passes where total > 0 {
      var next = Self.multiplied(basis, by: centred, count: count)
      // Within the subspace the directions are those of a small symmetric matrix.
      let small = next.map { row in basis.map { Self.product(row, $0) } }
      let (values, vectors) = symmetricEigen(small)
      next = vectors.map { vector in
        var turned = [Double](repeating: 0, count: dimensions)
        for (row, share) in vector.enumerated() {
          for column in turned.indices { turned[column] += share * next[row][column] }
        }
        return turned
      }
      Self.makeOrthonormal(&next)
      basis = next
      let change = zip(values, strengths).prefix(2).map { abs($0 - $1) }.max() ?? 0
      strengths = values
      if change <= 1e-13 * total { break }
    }
    for row in basis.indices {
      let largest = basis[row].max { abs($0) < abs($1) } ?? 0
      if largest < 0 { basis[row] = basis[row].map { -$0 } }
    }
    func place(_ sample: Int, _ row: Int) -> Double {
      guard row < width else { return 0 }
      var sum = 0.0
      for column in 0..<dimensions { sum += centred[sample * dimensions + column] * basis[row][column] }
      return sum
    }
    points = (0..<count).map { (place($0, 0), place($0, 1)) }
    shares = total > 0 ? (strengths[0] / total, width > 1 ? strengths[1] / total : 0) : (0, 0)
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for index in left.indices { sum += left[index] * right[index] }
    return sum
  }

  private static func centred(_ values: [Float], count: Int, dimensions: Int) -> [Double] {
    var means = [Double](repeating: 0, count: dimensions)
    for (index, value) in values.enumerated() { means[index % dimensions] += Double(value) }
    return values.enumerated().map { Double($1) - means[$0 % dimensions] / Double(count) }
  }

  /// Every direction v as Xᵀ X v, (width, D).
  private static func multiplied(_ basis: [[Double]], by centred: [Double], count: Int) -> [[Double]] {
    basis.map { direction in
      var result = [Double](repeating: 0, count: direction.count)
      for sample in 0..<count {
        let start = sample * direction.count
        var along = 0.0
        for column in direction.indices { along += centred[start + column] * direction[column] }
        for column in direction.indices { result[column] += along * centred[start + column] }
      }
      return result
    }
  }

  /// Makes rows of length 1 at right angles to each other (Gram and Schmidt, twice); a row that has nothing of its own
  /// becomes 0.
  private static func makeOrthonormal(_ rows: inout [[Double]]) {
    for row in rows.indices {
      let size = product(rows[row], rows[row]).squareRoot()
      for _ in 0..<2 {
        for other in 0..<row {
          let share = product(rows[row], rows[other])
          for column in rows[row].indices { rows[row][column] -= share * rows[other][column] }
        }
      }
      let length = product(rows[row], rows[row]).squareRoot()
      rows[row] = rows[row].map { length > 1e-12 * size && length > 0 ? $0 / length : 0 }
    }
  }
}

/// The eigenvalues of a small symmetric matrix, largest first, each with its vector (Jacobi's rotations).
func symmetricEigen(_ matrix: [[Double]]) -> (values: [Double], vectors: [[Double]]) {
  let size = matrix.count
  var a = matrix
  var columns = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0 } }
  for _ in 0..<60 {
    var (off, all) = (0.0, 0.0)
    for row in 0..<size {
      for column in 0..<size {
        all += a[row][column] * a[row][column]
        if row != column { off += a[row][column] * a[row][column] }
      }
    }
    if off <= 1e-30 * all { break }
    for p in 0..<size {
      for q in (p + 1)..<max(size, p + 1) where a[p][q] != 0 {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let t = (theta >= 0 ? 1.0 : -1) / (abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for k in 0..<size { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
        for k in 0..<size { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
        for k in 0..<size {
          (columns[k][p], columns[k][q]) = (
            c * columns[k][p] - s * columns[k][q], s * columns[k][p] + c * columns[k][q]
          )
        }
      }
    }
  }
  let order = (0..<size).sorted { a[$0][$0] > a[$1][$1] }
  return (order.map { a[$0][$0] }, order.map { column in (0..<size).map { columns[$0][column] } })
}
