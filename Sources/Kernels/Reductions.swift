/// The sum of all numbers, added in double precision.
public func sum(_ a: Storage) -> Float {
  let x = unsafe a.pointer
  var total = 0.0
  for i in 0..<a.count { total += unsafe Double(x[i]) }
  return Float(total)
}

/// The sum of all squares, in double precision, added up in blocks that depend on the count alone.
public func sumOfSquares(_ a: Storage) -> Double {
  let x = unsafe a.pointer
  var partial = [Double](repeating: 0, count: (a.count + elementBlock - 1) / elementBlock)
  unsafe partial.withUnsafeMutableBufferPointer { sums in
    shareBlocks(a.count, size: elementBlock) { block in
      var total = 0.0
      for i in block { total += unsafe Double(x[i]) * Double(x[i]) }
      unsafe sums[block.lowerBound / elementBlock] = total
    }
  }
  return partial.reduce(0, +)
}

/// The sum over the rows of a (rows, width), a number for each column.
public func columnSums(_ a: Storage, width: Int) -> Storage {
  let x = unsafe a.pointer
  return unsafe sumColumns(rows: a.count / width, width: width) { row, sums in
    let from = unsafe x + row * width
    for j in 0..<width { unsafe sums[j] += from[j] }
  }
}

/// Rows that one task adds up in single precision; the tasks' sums are then added in order, in double
/// precision.
private let sumBlock = 1024

/// Sums of `width` numbers to which `addRow` adds each row's part.
@inline(__always)
func sumColumns(rows: Int, width: Int, _ addRow: (Int, UnsafeMutablePointer<Float>) -> Void) -> Storage {
  let blocks = (rows + sumBlock - 1) / sumBlock
  let partial = Storage(repeating: 0, count: blocks * width)  // (blocks, width)
  let sums = unsafe partial.pointer
  share(blocks) { block in
    let to = unsafe sums + block * width
    for row in block * sumBlock..<min(rows, (block + 1) * sumBlock) { unsafe addRow(row, to) }
  }
  if blocks == 1 { return partial }
  let result = Storage(count: width)
  let to = unsafe result.pointer
  for j in 0..<width {
    var total = 0.0
    for block in 0..<blocks { total += unsafe Double(sums[block * width + j]) }
    unsafe to[j] = Float(total)
  }
  return result
}

/// The dot product of each row of a with the same row of b.
public func rowDots(_ a: Storage, _ b: Storage, width: Int) -> Storage {
  precondition(a.count == b.count && a.count % width == 0, "rows of \(width) in \(a.count) and \(b.count)")
  let result = Storage(count: a.count / width)
  let x = unsafe a.pointer
  let other = unsafe b.pointer
  let y = unsafe result.pointer
  shareBlocks(result.count, size: max(1, elementBlock / width)) { rows in
    for row in rows {
      var total = 0.0
      for i in row * width..<(row + 1) * width { total += unsafe Double(x[i] * other[i]) }
      unsafe y[row] = Float(total)
    }
  }
  return result
}

/// Each row of a times its own number of `factors`.
public func scaleRows(_ a: Storage, by factors: Storage) -> Storage {
  let width = factors.count == 0 ? 0 : a.count / factors.count
  precondition(width * factors.count == a.count, "\(factors.count) factors for \(a.count) numbers")
  let result = Storage(count: a.count)
  let x = unsafe a.pointer
  let factor = unsafe factors.pointer
  let y = unsafe result.pointer
  shareBlocks(factors.count, size: max(1, elementBlock / max(1, width))) { rows in
    for row in rows {
      for i in row * width..<(row + 1) * width { unsafe y[i] = x[i] * factor[row] }
    }
  }
  return result
}
