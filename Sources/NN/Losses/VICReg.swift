import Kernels
import TensorCore

// The two terms of VICReg that keep features from collapsing; its third, invariance, is the mean squared difference.
// Bardes, Ponce and LeCun, "VICReg: variance-invariance-covariance regularization", 2022, equations 1 to 3.

/// mean over features of max(0, 1 - √(variance + ε)), the variance over a batch (N, D), divided by N - 1.
public func varianceHinge(_ z: Tensor, epsilon: Float = 1e-4) -> Tensor {
  let centred = CentredColumns(z)
  let width = centred.width
  let inverse = Kernels.inverseDeviation(centred.variance, epsilon: epsilon)  // (D): 1 / √(variance + ε)
  let deviations = Kernels.multiply(Kernels.add(centred.variance, Storage([epsilon])), inverse)
  let gaps = Kernels.relu(Kernels.subtract(Storage(repeating: 1, count: width), deviations))
  let loss = Kernels.sum(gaps) / Float(width)
  return Tensor(Storage([loss]), shape: [], inputs: [z]) { gradient in
    // d √(variance + ε) / dz = (z - mean) / (N - 1) / √(variance + ε)
    let slope = Kernels.scale(
      Kernels.reluPullback(gaps, inverse), by: -gradient.first / Float(width) / Float(centred.rows - 1))
    return [Kernels.multiply(centred.values, slope)]
  }
}

/// Σ_{i≠j} cov_ij² / D, the covariances of the features of a batch (N, D), divided by N - 1.
///
/// As in ``barlowTwins(_:_:offDiagonal:)`` the covariances are never made, but the products of rows.
public func covariancePenalty(_ z: Tensor) -> Tensor {
  let centred = CentredColumns(z)
  let (rows, width) = (centred.rows, centred.width)
  let share = 1 / Float(rows - 1)
  let products = Kernels.product(
    centred.values, centred.values, m: rows, n: rows, k: width, transposesB: true)  // (N, N)
  let all = Kernels.sum(Kernels.multiply(products, products)) * share * share
  let own = Kernels.sum(Kernels.multiply(centred.variance, centred.variance))
  return Tensor(Storage([(all - own) / Float(width)]), shape: [], inputs: [z]) { gradient in
    let factor = 4 * share / Float(width) * gradient.first
    let toAll = Kernels.product(products, centred.values, m: rows, n: width, k: rows)
    let toOwn = Kernels.multiply(centred.values, centred.variance)
    return [Kernels.subtract(Kernels.scale(toAll, by: factor * share), Kernels.scale(toOwn, by: factor))]
  }
}

/// The columns of (N, D) less their means, and their unbiased variances. What multiplies these columns row by row in a
/// gradient has sum 0 over the rows, so that the mean's own part in it is 0.
private struct CentredColumns: Sendable {
  let rows: Int
  let width: Int
  let values: Storage  // (N, D)
  let variance: Storage  // (D)

  init(_ z: Tensor) {
    precondition(
      z.shape.count == 2 && z.shape[0] > 1,
      "the spread of features of shape \(z.shape), not (N, D) with N > 1")
    (rows, width) = (z.shape[0], z.shape[1])
    let (mean, biased) = Kernels.batchMoments(z.storage, width: width)
    values = Kernels.subtract(z.storage, mean)
    variance = Kernels.scale(biased, by: Float(rows) / Float(rows - 1))
  }
}
