import Kernels
import TensorCore

/// Σ_i (C_ii - 1)² + λ Σ_{i≠j} C_ij², C = ẑ₁ᵀ ẑ₂ / N the correlations of the features of two views over a batch.
///
/// z₁ and z₂ (N, D); ẑ are their columns with mean 0 and biased variance 1 (ε 1e-5). Both get gradients. C itself,
/// (D, D), is never made: with the products of rows G = ẑ ẑᵀ, (N, N), Σ C² = Σ G₁ G₂ / N², and its gradient by ẑ₁ is
/// 2 G₂ ẑ₁ / N². Of 128 sequences with 6144 features that is a fiftieth of the work.
///
/// Zbontar et al., "Barlow twins: self-supervised learning via redundancy reduction", 2021, equation 1.
public func barlowTwins(_ z1: Tensor, _ z2: Tensor, offDiagonal lambda: Float) -> Tensor {
  precondition(
    z1.shape.count == 2 && z1.shape == z2.shape && z1.shape[0] > 1,
    "features of shapes \(z1.shape) and \(z2.shape), not (N, D) both")
  let (a, b) = (StandardColumns(z1), StandardColumns(z2))
  let share = 1 / Float(z1.shape[0])
  let diagonal = Kernels.scale(
    Kernels.columnSums(Kernels.multiply(a.values, b.values), width: a.width), by: share)  // (D): C_ii
  let (rowsA, rowsB) = (a.rowProducts, b.rowProducts)
  let squares = Kernels.sum(Kernels.multiply(rowsA, rowsB)) * share * share  // Σ C²
  let own = Kernels.sum(Kernels.multiply(diagonal, diagonal))
  let misses = own - 2 * Kernels.sum(diagonal) + Float(a.width)
  let loss = misses + lambda * (squares - own)
  let (needsA, needsB) = (z1.isVariable, z2.isVariable)
  return Tensor(Storage([loss]), shape: [], inputs: [z1, z2]) { gradient in
    // d loss / dC_ii, without the part that Σ C² has in it anyway: 2 (C_ii - 1) - 2 λ C_ii.
    let one = Storage([1])
    let slope = Kernels.scale(
      Kernels.subtract(Kernels.scale(diagonal, by: 1 - lambda), one), by: 2 * share * gradient.first)
    func toColumns(_ side: StandardColumns, _ other: StandardColumns, _ products: Storage) -> Storage {
      let spread = Kernels.scale(
        side.multiplied(by: products), by: 2 * lambda * share * share * gradient.first)
      return side.pullback(Kernels.add(spread, Kernels.multiply(other.values, slope)))
    }
    return [needsA ? toColumns(a, b, rowsB) : nil, needsB ? toColumns(b, a, rowsA) : nil]
  }
}

/// The columns of (N, D) with mean 0 and biased variance 1.
private struct StandardColumns: Sendable {
  let rows: Int
  let width: Int
  let values: Storage  // (N, D)
  private let input: Storage
  private let mean: Storage
  private let inverse: Storage
  private let ones: Storage

  init(_ z: Tensor) {
    (rows, width, input) = (z.shape[0], z.shape[1], z.storage)
    let (mean, variance) = Kernels.batchMoments(input, width: width)
    self.mean = mean
    inverse = Kernels.inverseDeviation(variance, epsilon: BatchNorm1d.epsilon)
    ones = Storage(repeating: 1, count: width)
    values = Kernels.normalizeColumns(
      input, mean: mean, inverse: inverse, weight: ones, bias: Storage(repeating: 0, count: width))
  }

  /// The products of all pairs of rows, (N, N).
  var rowProducts: Storage {
    Kernels.product(values, values, m: rows, n: rows, k: width, transposesB: true)
  }

  /// `matrix` (N, N) times the rows: (N, D).
  func multiplied(by matrix: Storage) -> Storage {
    Kernels.product(matrix, values, m: rows, n: width, k: rows)
  }

  /// From the gradient of the standardised columns to that of what they were made of.
  func pullback(_ gradient: Storage) -> Storage {
    Kernels.batchNormPullback(
      input, mean: mean, inverse: inverse, weight: ones,
      gradientSums: Kernels.columnSums(gradient, width: width),
      productSums: Kernels.normalizedProductSums(input, mean: mean, inverse: inverse, gradient), gradient)
  }
}
