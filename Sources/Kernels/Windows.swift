/// Windows that slide along an axis: (outer, length, width) to (outer, count, width).
public struct Windows: Sendable {
  let axis: Axis
  let size: Int
  let stride: Int
  let padding: Int
  /// How many windows there are: (length + 2 padding - size) / stride + 1, rounded down.
  public let count: Int

  /// Windows of `size` entries, `stride` apart, the first beginning `padding` entries before the axis.
  public init(_ axis: Axis, size: Int, stride: Int, padding: Int = 0) {
    precondition(
      size > 0 && stride > 0 && padding >= 0 && 2 * padding <= size && axis.length + 2 * padding >= size,
      "windows of \(size), \(stride) apart, padding \(padding), over \(axis.length)")
    (self.axis, self.size, self.stride, self.padding) = (axis, size, stride, padding)
    count = (axis.length + 2 * padding - size) / stride + 1
  }

  /// The entries of the axis that a window covers.
  func entries(_ window: Int) -> Range<Int> {
    let first = window * stride - padding
    return max(0, first)..<min(axis.length, first + size)
  }
}

/// The largest number of each window, and the entry of the axis where it stands: the first of equals.
public func maxWindows(_ a: Storage, _ windows: Windows) -> (values: Storage, places: [Int32]) {
  let (axis, count) = (windows.axis, windows.count)
  let width = axis.width
  precondition(a.count == axis.count, "\(a.count) numbers for \(axis)")
  let result = Storage(count: axis.outer * count * width)
  var places = [Int32](repeating: 0, count: result.count)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  unsafe places.withUnsafeMutableBufferPointer { places in
    shareBlocks(axis.outer, size: axis.block) { entries in
      for entry in entries {
        for window in 0..<count {
          let rows = windows.entries(window)
          let start = (entry * count + window) * width
          let to = unsafe y + start
          unsafe to.update(from: x + (entry * axis.length + rows.lowerBound) * width, count: width)
          for j in 0..<width { unsafe places[start + j] = Int32(rows.lowerBound) }
          for row in rows.dropFirst() {
            let from = unsafe x + (entry * axis.length + row) * width
            for j in 0..<width where unsafe from[j] > to[j] || (from[j].isNaN && !to[j].isNaN) {
              unsafe to[j] = from[j]
              unsafe places[start + j] = Int32(row)
            }
          }
        }
      }
    }
  }
  return (result, places)
}

/// The pullback of `maxWindows`: each gradient is added where its window's largest number stands.
public func maxWindowsPullback(_ gradient: Storage, places: [Int32], _ windows: Windows) -> Storage {
  let (axis, count) = (windows.axis, windows.count)
  let width = axis.width
  let result = Storage(repeating: 0, count: axis.count)
  let g = unsafe gradient.pointer
  let y = unsafe result.pointer
  shareBlocks(axis.outer, size: axis.block) { entries in
    for entry in entries {
      for window in 0..<count {
        let start = (entry * count + window) * width
        for j in 0..<width {
          unsafe y[(entry * axis.length + Int(places[start + j])) * width + j] += g[start + j]
        }
      }
    }
  }
  return result
}

/// The mean of each window over the entries of the axis that it covers; what lies beyond the ends does not count.
public func meanWindows(_ a: Storage, _ windows: Windows) -> Storage {
  let (axis, count) = (windows.axis, windows.count)
  let width = axis.width
  precondition(a.count == axis.count, "\(a.count) numbers for \(axis)")
  let result = Storage(repeating: 0, count: axis.outer * count * width)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  shareBlocks(axis.outer, size: axis.block) { entries in
    for entry in entries {
      for window in 0..<count {
        let rows = windows.entries(window)
        let to = unsafe y + (entry * count + window) * width
        for row in rows {
          let from = unsafe x + (entry * axis.length + row) * width
          for j in 0..<width { unsafe to[j] += from[j] }
        }
        let share = 1 / Float(rows.count)
        for j in 0..<width { unsafe to[j] *= share }
      }
    }
  }
  return result
}

/// The pullback of `meanWindows`.
public func meanWindowsPullback(_ gradient: Storage, _ windows: Windows) -> Storage {
  let (axis, count) = (windows.axis, windows.count)
  let width = axis.width
  let result = Storage(repeating: 0, count: axis.count)
  let g = unsafe gradient.pointer
  let y = unsafe result.pointer
  shareBlocks(axis.outer, size: axis.block) { entries in
    for entry in entries {
      for window in 0..<count {
        let rows = windows.entries(window)
        let from = unsafe g + (entry * count + window) * width
        let share = 1 / Float(rows.count)
        for row in rows {
          let to = unsafe y + (entry * axis.length + row) * width
          for j in 0..<width { unsafe to[j] += from[j] * share }
        }
      }
    }
  }
  return result
}
