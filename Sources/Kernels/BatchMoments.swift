/// Mean and (biased) variance of each column of (rows, width).
public func batchMoments(_ a: Storage, width: Int) -> (mean: Storage, variance: Storage) {
  let rows = a.count / width
  let x = unsafe a.pointer
  let mean = scale(columnSums(a, width: width), by: 1 / Float(rows))
  let center = unsafe mean.pointer
  // A second pass over the differences: the mean of squares minus the square of the mean would cancel.
  let squares = unsafe sumColumns(rows: rows, width: width) { row, sums in
    let from = unsafe x + row * width
    for j in 0..<width {
      let difference = unsafe from[j] - center[j]
      unsafe sums[j] += difference * difference
    }
  }
  return (mean, scale(squares, by: 1 / Float(rows)))
}

/// 1 / sqrt(variance + epsilon).
public func inverseDeviation(_ variance: Storage, epsilon: Float) -> Storage {
  map(variance) { 1 / ($0 + epsilon).squareRoot() }
}

/// (x - mean) inverse weight + bias, for each column.
public func normalizeColumns(_ a: Storage, mean: Storage, inverse: Storage, weight: Storage, bias: Storage)
  -> Storage
{
  let width = mean.count
  let result = Storage(count: a.count)
  let factors = multiply(inverse, weight)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  let center = unsafe mean.pointer
  let factor = unsafe factors.pointer
  let offset = unsafe bias.pointer
  shareBlocks(a.count / width, size: max(1, elementBlock / width)) { rows in
    for row in rows {
      let from = unsafe x + row * width
      let to = unsafe y + row * width
      for j in 0..<width { unsafe to[j] = (from[j] - center[j]) * factor[j] + offset[j] }
    }
  }
  return result
}

/// sum over rows of g (x - mean) inverse: the gradient of a normalization's weight.
public func normalizedProductSums(_ a: Storage, mean: Storage, inverse: Storage, _ gradient: Storage)
  -> Storage
{
  let width = mean.count
  let x = unsafe a.pointer
  let g = unsafe gradient.pointer
  let center = unsafe mean.pointer
  let sums = unsafe sumColumns(rows: a.count / width, width: width) { row, sums in
    let from = unsafe x + row * width
    let other = unsafe g + row * width
    for j in 0..<width { unsafe sums[j] += other[j] * (from[j] - center[j]) }
  }
  return multiply(sums, inverse)
}

/// The pullback of a normalization by the batch's own moments:
/// weight inverse (g - sum(g) / rows - xhat sum(g xhat) / rows), xhat = (x - mean) inverse.
public func batchNormPullback(
  _ a: Storage, mean: Storage, inverse: Storage, weight: Storage, gradientSums: Storage, productSums: Storage,
  _ gradient: Storage
) -> Storage {
  let width = mean.count
  let rows = a.count / width
  let result = Storage(count: a.count)
  let factors = multiply(inverse, weight)
  let constants = scale(gradientSums, by: 1 / Float(rows))
  let slopes = scale(multiply(productSums, inverse), by: 1 / Float(rows))
  let x = unsafe a.pointer
  let g = unsafe gradient.pointer
  let y = unsafe result.pointer
  let center = unsafe mean.pointer
  let factor = unsafe factors.pointer
  let constant = unsafe constants.pointer
  let slope = unsafe slopes.pointer
  shareBlocks(rows, size: max(1, elementBlock / width)) { block in
    for row in block {
      let from = unsafe x + row * width
      let other = unsafe g + row * width
      let to = unsafe y + row * width
      for j in 0..<width {
        unsafe to[j] = factor[j] * (other[j] - constant[j] - slope[j] * (from[j] - center[j]))
      }
    }
  }
  return result
}
