import Kernels
import TensorCore

/// How far apart two rows are.
public enum RowDistance: String, Sendable, CaseIterable {
  /// By the squared difference.
  case euclidean
  /// By the angle: rows count by their direction alone.
  case spherical
}

/// Of each row of `rows` (N, D) the number of the nearest row of `centres` (K, D), the first of equals, and how far it
/// is: the squared difference, or 1 - cosine.
public func nearestRows(
  of rows: Tensor, in centres: Tensor, by distance: RowDistance = .euclidean
) -> (numbers: [Int], distances: [Float]) {
  precondition(
    rows.shape.count == 2 && centres.shape.count == 2 && rows.shape[1] == centres.shape[1]
      && centres.shape[0] > 0,
    "nearest of shape \(centres.shape) to shape \(rows.shape), not (K, D) and (N, D)")
  switch distance {
  case .euclidean:
    let (x, c) = (rows.detached(), centres.detached())
    // |x - c|² = |x|² + |c|² - 2 x·c, of which |x|² is the same for all centres. Taken from the first centre, so that
    // data far from zero loses no digits.
    let origin = c.rows([0]).reshaped([c.shape[1]])
    let (moved, around) = (x - origin, c - origin)
    let scores = moved.matmul(around, transposed: true) * 2 - around.rowDot(around)  // (N, K)
    let numbers = scores.largestColumns(1)
    let difference = x - c.rows(numbers)
    return (numbers, difference.rowDot(difference).values)
  case .spherical:
    let cosines = rows.detached().normalizedRows().matmul(
      centres.detached().normalizedRows(), transposed: true)
    let numbers = cosines.largestColumns(1)
    return (numbers, cosines.columns(numbers, count: 1).values.map { 1 - $0 })
  }
}
