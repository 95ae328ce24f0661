/// The pullback of y = softmax of rows: y (g - sum of g y).
public func softmaxRowsPullback(_ y: Storage, _ gradient: Storage, width: Int) -> Storage {
  let result = Storage(count: y.count)
  let values = unsafe y.pointer
  let g = unsafe gradient.pointer
  let to = unsafe result.pointer
  shareBlocks(y.count / width, size: max(1, elementBlock / width)) { rows in
    for row in rows {
      let (own, other) = unsafe (values + row * width, g + row * width)
      let target = unsafe to + row * width
      let sum = Float(unsafe laneProductSum(own, other, width))
      for j in 0..<width { unsafe target[j] = own[j] * (other[j] - sum) }
    }
  }
  return result
}

/// x - log(sum(exp(x))) of each row.
public func logSoftmaxRows(_ a: Storage, logSums: Storage, width: Int) -> Storage {
  let result = Storage(count: a.count)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  let sums = unsafe logSums.pointer
  shareBlocks(logSums.count, size: max(1, elementBlock / width)) { rows in
    for row in rows {
      for i in row * width..<(row + 1) * width { unsafe y[i] = x[i] - sums[row] }
    }
  }
  return result
}

/// The pullback of `logSoftmaxRows`: g - softmax(x) sum of g.
public func logSoftmaxRowsPullback(_ probabilities: Storage, _ gradient: Storage, width: Int) -> Storage {
  let result = Storage(count: gradient.count)
  let p = unsafe probabilities.pointer
  let g = unsafe gradient.pointer
  let y = unsafe result.pointer
  shareBlocks(gradient.count / width, size: max(1, elementBlock / width)) { rows in
    for row in rows {
      let sum = Float(unsafe laneSum(g + row * width, width))
      for i in row * width..<(row + 1) * width { unsafe y[i] = g[i] - p[i] * sum }
    }
  }
  return result
}
