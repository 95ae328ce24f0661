/// Neighbouring axes of an array, taken as one, with what lies around them: the array is (outer, length, width).
public struct Axis: Sendable {
  /// The product of the axes before.
  public let outer: Int
  /// The product of the axes themselves.
  public let length: Int
  /// The product of the axes after.
  public let width: Int

  /// The axes `axes` of an array of this shape.
  public init(_ axes: Range<Int>, of shape: [Int]) {
    outer = shape[..<axes.lowerBound].reduce(1, *)
    length = shape[axes].reduce(1, *)
    width = shape[axes.upperBound...].reduce(1, *)
  }

  /// One axis of an array of this shape.
  public init(_ axis: Int, of shape: [Int]) { self.init(axis..<axis + 1, of: shape) }

  var count: Int { outer * length * width }

  /// Outer entries that one task handles.
  var block: Int { max(1, elementBlock / max(1, length * width)) }
}

/// The sum over the axis: (outer, length, width) to (outer, width).
///
/// Added in single precision by rows of at most 64, these sums in double precision, in an order that depends on the
/// shape alone.
public func sumAxis(_ a: Storage, _ axis: Axis) -> Storage {
  precondition(a.count == axis.count, "\(a.count) numbers for \(axis)")
  if axis.outer == 1 && axis.width > 1 { return columnSums(a, width: axis.width) }
  let result = Storage(count: axis.outer * axis.width)
  let (length, width) = (axis.length, axis.width)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  if width == 1 {
    shareBlocks(axis.outer, size: axis.block) { rows in
      for row in rows { unsafe y[row] = Float(laneSum(x + row * length, length)) }
    }
    return result
  }
  shareBlocks(axis.outer, size: axis.block) { entries in
    var totals = [Double](repeating: 0, count: width)
    var sums = [Float](repeating: 0, count: width)
    for entry in entries {
      for j in 0..<width { totals[j] = 0 }
      for first in stride(from: 0, to: length, by: 64) {
        for j in 0..<width { sums[j] = 0 }
        for row in first..<min(length, first + 64) {
          let from = unsafe x + (entry * length + row) * width
          for j in 0..<width { unsafe sums[j] += from[j] }
        }
        for j in 0..<width { totals[j] += Double(sums[j]) }
      }
      for j in 0..<width { unsafe y[entry * width + j] = Float(totals[j]) }
    }
  }
  return result
}

/// The sum of `count` numbers: 16 lanes of single precision for 1024 numbers at a time, then double precision.
func laneSum(_ x: UnsafeMutablePointer<Float>, _ count: Int) -> Double {
  var total = 0.0
  var first = 0
  while first + 16 <= count {
    let end = min(count, first + 1024)
    var lanes = SIMD16<Float>.zero
    while first + 16 <= end {
      lanes += unsafe UnsafeRawPointer(x + first).loadUnaligned(as: SIMD16<Float>.self)
      first += 16
    }
    for lane in 0..<16 { total += Double(lanes[lane]) }
  }
  while first < count {
    total += unsafe Double(x[first])
    first += 1
  }
  return total
}

/// Every entry `length` times: (outer, width) to (outer, length, width), times `factor`.
public func repeatAxis(_ a: Storage, _ axis: Axis, factor: Float = 1) -> Storage {
  let (length, width) = (axis.length, axis.width)
  precondition(a.count == axis.outer * width, "\(a.count) numbers for (\(axis.outer), \(width))")
  let result = Storage(count: axis.count)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  shareBlocks(axis.outer, size: axis.block) { entries in
    for entry in entries {
      let from = unsafe x + entry * width
      for row in entry * length..<(entry + 1) * length {
        let to = unsafe y + row * width
        for j in 0..<width { unsafe to[j] = from[j] * factor }
      }
    }
  }
  return result
}

/// The largest numbers along the axis, (outer, width), and where each stands on it: the first of equals. A number that
/// is none counts as the largest.
public func maxAxis(_ a: Storage, _ axis: Axis) -> (values: Storage, places: [Int32]) {
  let (length, width) = (axis.length, axis.width)
  precondition(a.count == axis.count && length > 0, "the largest of \(a.count) numbers as \(axis)")
  let result = Storage(count: axis.outer * width)
  var places = [Int32](repeating: 0, count: axis.outer * width)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  unsafe places.withUnsafeMutableBufferPointer { places in
    shareBlocks(axis.outer, size: axis.block) { entries in
      for entry in entries {
        let to = unsafe y + entry * width
        unsafe to.update(from: x + entry * length * width, count: width)
        for row in 1..<max(1, length) {
          let from = unsafe x + (entry * length + row) * width
          for j in 0..<width where unsafe from[j] > to[j] || (from[j].isNaN && !to[j].isNaN) {
            unsafe to[j] = from[j]
            unsafe places[entry * width + j] = Int32(row)
          }
        }
      }
    }
  }
  return (result, places)
}

/// The pullback of `maxAxis`: (outer, width) to (outer, length, width), 0 but at the places.
public func maxAxisPullback(_ gradient: Storage, places: [Int32], _ axis: Axis) -> Storage {
  let width = axis.width
  let result = Storage(repeating: 0, count: axis.count)
  let g = unsafe gradient.pointer
  let y = unsafe result.pointer
  shareBlocks(axis.outer, size: axis.block) { entries in
    for entry in entries {
      for j in 0..<width {
        let row = entry * axis.length + Int(places[entry * width + j])
        unsafe y[row * width + j] = g[entry * width + j]
      }
    }
  }
  return result
}

/// The entries of the axis with these numbers, in this order: (outer, length, width) to (outer, indices, width).
public func gatherAxis(_ a: Storage, _ axis: Axis, _ indices: [Int]) -> Storage {
  let (length, width, count) = (axis.length, axis.width, indices.count)
  precondition(a.count == axis.count, "\(a.count) numbers for \(axis)")
  let result = Storage(count: axis.outer * count * width)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  shareBlocks(axis.outer, size: axis.block) { entries in
    for entry in entries {
      for (to, from) in indices.enumerated() {
        let source = unsafe x + (entry * length + from) * width
        let target = unsafe y + (entry * count + to) * width
        for j in 0..<width { unsafe target[j] = source[j] }
      }
    }
  }
  return result
}

/// The pullback of `gatherAxis`: entry i, (outer, indices, width), is added to entry indices[i] of (outer, length,
/// width).
public func scatterAxis(_ a: Storage, _ axis: Axis, _ indices: [Int]) -> Storage {
  let (length, width, count) = (axis.length, axis.width, indices.count)
  precondition(a.count == axis.outer * count * width, "\(a.count) numbers for \(count) entries of \(axis)")
  let result = Storage(repeating: 0, count: axis.count)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  shareBlocks(axis.outer, size: axis.block) { entries in
    for entry in entries {
      for (from, to) in indices.enumerated() {
        let source = unsafe x + (entry * count + from) * width
        let target = unsafe y + (entry * length + to) * width
        for j in 0..<width { unsafe target[j] += source[j] }
      }
    }
  }
  return result
}

/// Arrays with the same axes around side by side along the axis: each (outer, own length, width).
public func concatenateAxis(_ parts: [(Storage, length: Int)], outer: Int, width: Int) -> Storage {
  let length = parts.reduce(0) { $0 + $1.length }
  let result = Storage(count: outer * length * width)
  let y = unsafe result.pointer
  var offset = 0
  for (part, own) in parts {
    precondition(part.count == outer * own * width, "\(part.count) numbers for (\(outer), \(own), \(width))")
    let x = unsafe part.pointer
    let start = offset
    shareBlocks(outer, size: max(1, elementBlock / max(1, own * width))) { entries in
      for entry in entries {
        unsafe (y + (entry * length + start) * width).update(
          from: x + entry * own * width, count: own * width)
      }
    }
    offset += own
  }
  return result
}

/// `count` entries of the axis from number `first` on, `step` apart: (outer, length, width) to (outer, count, width).
public func sliceAxis(_ a: Storage, _ axis: Axis, first: Int, count: Int, step: Int = 1) -> Storage {
  precondition(a.count == axis.count, "\(a.count) numbers for \(axis)")
  if step > 1 { return gatherAxis(a, axis, (0..<count).map { first + $0 * step }) }
  let (length, width) = (axis.length, axis.width)
  let result = Storage(count: axis.outer * count * width)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  shareBlocks(axis.outer, size: axis.block) { entries in
    for entry in entries {
      unsafe (y + entry * count * width).update(
        from: x + (entry * length + first) * width, count: count * width)
    }
  }
  return result
}

/// The pullback of `sliceAxis`, and zeros around an array: `count` entries into an axis of zeros.
public func padAxis(_ a: Storage, _ axis: Axis, first: Int, count: Int, step: Int = 1) -> Storage {
  if step > 1 { return scatterAxis(a, axis, (0..<count).map { first + $0 * step }) }
  let (length, width) = (axis.length, axis.width)
  precondition(a.count == axis.outer * count * width, "\(a.count) numbers for \(count) entries of \(axis)")
  let result = Storage(repeating: 0, count: axis.count)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  shareBlocks(axis.outer, size: axis.block) { entries in
    for entry in entries {
      unsafe (y + (entry * length + first) * width).update(
        from: x + entry * count * width, count: count * width)
    }
  }
  return result
}
