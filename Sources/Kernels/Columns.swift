/// The columns of the `count` largest numbers of each row, in rising order: (rows, count) for (rows, width).
///
/// Of equal numbers the first ones count as the larger. The bits of a float are a whole number that rises with it once
/// those of negative ones are turned round, so the smallest number that is still among the largest is found byte by
/// byte, in four passes, whatever the numbers are.
public func largestColumns(_ a: Storage, width: Int, count: Int) -> [Int] {
  precondition(width > 0 && (1...width).contains(count), "the largest \(count) of \(width) columns")
  let rows = a.count / width
  let x = unsafe a.pointer
  var columns = [Int](repeating: 0, count: rows * count)
  unsafe columns.withUnsafeMutableBufferPointer { columns in
    shareBlocks(rows, size: max(1, elementBlock / width)) { block in
      var keys = [UInt32](repeating: 0, count: width)
      for row in block {
        for column in 0..<width {
          let bits = unsafe x[row * width + column].bitPattern
          keys[column] = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
        }
        let (threshold, equal) = smallest(ofLargest: count, in: keys)
        var (place, left) = (row * count, equal)
        for column in 0..<width where keys[column] >= threshold {
          if keys[column] == threshold {
            guard left > 0 else { continue }
            left -= 1
          }
          unsafe columns[place] = column
          place += 1
        }
      }
    }
  }
  return columns
}

/// The smallest of the `count` largest keys, and how many of those keys are equal to it.
private func smallest(ofLargest count: Int, in keys: [UInt32]) -> (key: UInt32, equal: Int) {
  var (prefix, mask, left) = (UInt32(0), UInt32(0), count)
  for shift in stride(from: UInt32(24), through: 0, by: -8) {
    var counts = [Int](repeating: 0, count: 256)
    for key in keys where key & mask == prefix { counts[Int(key >> shift & 0xFF)] += 1 }
    var byte = 255
    while counts[byte] < left {
      left -= counts[byte]
      byte -= 1
    }
    prefix |= UInt32(byte) << shift
    mask |= 0xFF << shift
  }
  return (prefix, left)
}

/// Of each row the numbers in its own columns: (rows, width) to (rows, count), `columns` being (rows, count).
public func gatherColumns(_ a: Storage, width: Int, _ columns: [Int], count: Int) -> Storage {
  precondition(
    columns.count == a.count / width * count, "\(columns.count) columns, \(count) a row of \(width)")
  let result = Storage(count: columns.count)
  for (index, column) in columns.enumerated() {
    precondition(column >= 0 && column < width, "column \(column) of \(width)")
    unsafe result.pointer[index] = a.pointer[index / count * width + column]
  }
  return result
}

/// The pullback of `gatherColumns`: (rows, count) to (rows, width), 0 in the other columns.
public func scatterColumns(_ gradient: Storage, width: Int, _ columns: [Int], count: Int) -> Storage {
  let result = Storage(repeating: 0, count: columns.count / count * width)
  for (index, column) in columns.enumerated() {
    unsafe result.pointer[index / count * width + column] += gradient.pointer[index]
  }
  return result
}
