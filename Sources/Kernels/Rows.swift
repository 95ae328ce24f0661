/// Each row divided by its length, or by `epsilon` where it is shorter: the rows, and the divisors.
public func normalizeRows(_ a: Storage, width: Int, epsilon: Float) -> (rows: Storage, lengths: Storage) {
  let squares = rowDots(a, a, width: width)
  let lengths = map(squares) { max($0.squareRoot(), epsilon) }
  return (scaleRows(a, by: map(lengths) { 1 / $0 }), lengths)
}

/// The pullback of y = x / max(|x|, epsilon): (g - y (g . y)) / |x|, or g / epsilon for a short row.
public func normalizeRowsPullback(
  _ y: Storage, lengths: Storage, _ gradient: Storage, width: Int, epsilon: Float
) -> Storage {
  let along = combine(rowDots(gradient, y, width: width), lengths) { $1 > epsilon ? $0 : 0 }
  return scaleRows(subtract(gradient, scaleRows(y, by: along)), by: map(lengths) { 1 / $0 })
}

/// The rows with these numbers, in this order.
public func gatherRows(_ a: Storage, width: Int, _ indices: [Int]) -> Storage {
  let rows = width == 0 ? 0 : a.count / width
  let result = Storage(count: indices.count * width)
  for (to, from) in indices.enumerated() {
    precondition(from >= 0 && from < rows, "row \(from) of \(rows)")
    unsafe (result.pointer + to * width).update(from: a.pointer + from * width, count: width)
  }
  return result
}

/// The pullback of `gatherRows`: row i of the gradient is added to row indices[i] of `rows` rows.
public func scatterRows(_ gradient: Storage, width: Int, _ indices: [Int], rows: Int) -> Storage {
  let result = Storage(repeating: 0, count: rows * width)
  for (from, to) in indices.enumerated() {
    let target = unsafe result.pointer + to * width
    let source = unsafe gradient.pointer + from * width
    for i in 0..<width { unsafe target[i] += source[i] }
  }
  return result
}

/// (first, second, width) as (second, first, width).
public func swapLeadingAxes(_ a: Storage, first: Int, second: Int, width: Int) -> Storage {
  precondition(a.count == first * second * width, "(\(first), \(second), \(width)) of \(a.count) numbers")
  let result = Storage(count: a.count)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  shareBlocks(first * second, size: max(1, elementBlock / max(1, width))) { rows in
    for row in rows {
      let source = (row % first) * second + row / first
      unsafe (y + row * width).update(from: x + source * width, count: width)
    }
  }
  return result
}

/// A copy with the rows from `first` on replaced by those of `other`, going on from the start after the last.
public func replaceRows(_ a: Storage, from first: Int, with other: Storage, width: Int) -> Storage {
  let (rows, count) = width == 0 ? (0, 0) : (a.count / width, other.count / width)
  precondition(count <= rows && (rows == 0 || first < rows), "\(count) rows from \(first) on of \(rows)")
  let result = Storage(count: a.count)
  unsafe result.pointer.update(from: a.pointer, count: a.count)
  let end = min(count, rows - first)
  unsafe (result.pointer + first * width).update(from: other.pointer, count: end * width)
  unsafe result.pointer.update(from: other.pointer + end * width, count: (count - end) * width)
  return result
}
