import Foundation
import TensorCore

/// Rows shared among columns so that every column gets as much: softmax(scores / ε), its columns and rows scaled in
/// turn. (N, K) to (N, K), rows of sum 1 and columns of about N / K. Values alone: no gradient flows.
///
/// Cuturi, "Sinkhorn distances", 2013; Caron et al., "Unsupervised learning of visual features by contrasting cluster
/// assignments", 2020, section 3.1, which makes three iterations with ε 0.05.
public func sinkhorn(_ scores: Tensor, epsilon: Float, iterations: Int = 3) -> Tensor {
  precondition(
    scores.shape.count == 2 && scores.shape[1] > 0 && epsilon > 0 && iterations > 0,
    "\(iterations) iterations with ε \(epsilon) for scores of shape \(scores.shape), not (N, K)")
  let (rows, columns) = (scores.shape[0], scores.shape[1])
  let values = scores.values.map { Double($0) / Double(epsilon) }
  // In logarithms, so that a small ε neither overflows nor leaves a column without anything.
  var rowOffsets = [Double](repeating: 0, count: rows)
  var columnOffsets = [Double](repeating: 0, count: columns)
  for _ in 0..<iterations {
    for column in 0..<columns {
      let sum = logSum(rows) { values[$0 * columns + column] + rowOffsets[$0] }
      columnOffsets[column] = log(Double(rows) / Double(columns)) - sum
    }
    for row in 0..<rows {
      rowOffsets[row] = -logSum(columns) { values[row * columns + $0] + columnOffsets[$0] }
    }
  }
  let shares = values.indices.map { index in
    Float(exp(values[index] + rowOffsets[index / columns] + columnOffsets[index % columns]))
  }
  return Tensor(shares, shape: scores.shape)
}

/// log Σ exp of so many numbers.
private func logSum(_ count: Int, _ value: (Int) -> Double) -> Double {
  let largest = (0..<count).reduce(-Double.infinity) { max($0, value($1)) }
  return largest + log((0..<count).reduce(0) { $0 + exp(value($1) - largest) })
}
