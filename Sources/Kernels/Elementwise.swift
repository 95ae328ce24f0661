/// y_i = f(a_i).
@inline(__always)
func map(_ a: Storage, _ f: (Float) -> Float) -> Storage {
  let result = Storage(count: a.count)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  shareBlocks(a.count, size: elementBlock) { block in
    for i in block { unsafe y[i] = f(x[i]) }
  }
  return result
}

/// y_i = f(a_i, b_i), where b is repeated as often as it fits into a.
@inline(__always)
func combine(_ a: Storage, _ b: Storage, _ f: (Float, Float) -> Float) -> Storage {
  let width = b.count
  if width == 1 && a.count != 1 {
    let scalar = b.first
    return map(a) { f($0, scalar) }
  }
  precondition(width > 0 && a.count % width == 0, "\(width) numbers cannot be repeated over \(a.count)")
  let result = Storage(count: a.count)
  let x = unsafe a.pointer
  let other = unsafe b.pointer
  let y = unsafe result.pointer
  if width == a.count {
    shareBlocks(width, size: elementBlock) { block in
      for i in block { unsafe y[i] = f(x[i], other[i]) }
    }
  } else {
    shareBlocks(a.count / width, size: max(1, elementBlock / width)) { rows in
      for row in rows {
        let from = unsafe x + row * width
        let to = unsafe y + row * width
        for i in 0..<width { unsafe to[i] = f(from[i], other[i]) }
      }
    }
  }
  return result
}

/// a + b, b repeated over a.
public func add(_ a: Storage, _ b: Storage) -> Storage { combine(a, b) { $0 + $1 } }

/// a - b, b repeated over a.
public func subtract(_ a: Storage, _ b: Storage) -> Storage { combine(a, b) { $0 - $1 } }

/// a b, element by element, b repeated over a.
public func multiply(_ a: Storage, _ b: Storage) -> Storage { combine(a, b) { $0 * $1 } }

/// scale a.
public func scale(_ a: Storage, by scale: Float) -> Storage { map(a) { $0 * scale } }

/// max(a, 0).
public func relu(_ a: Storage) -> Storage { map(a) { $0 > 0 ? $0 : 0 } }

/// The gradient where y = relu(x) is positive, else 0.
public func reluPullback(_ y: Storage, _ gradient: Storage) -> Storage {
  combine(gradient, y) { $1 > 0 ? $0 : 0 }
}

/// gradient (1 - mask): what reaches the hidden part.
public func hidden(_ gradient: Storage, mask: Storage) -> Storage {
  combine(gradient, mask) { $0 * (1 - $1) }
}

/// a (1 - mask) + b mask.
public func blend(_ a: Storage, _ b: Storage, mask: Storage) -> Storage {
  precondition(a.count == b.count && a.count == mask.count, "\(a.count), \(b.count), \(mask.count)")
  let result = Storage(count: a.count)
  let x = unsafe a.pointer
  let other = unsafe b.pointer
  let visible = unsafe mask.pointer
  let y = unsafe result.pointer
  shareBlocks(a.count, size: elementBlock) { block in
    for i in block { unsafe y[i] = x[i] * (1 - visible[i]) + other[i] * visible[i] }
  }
  return result
}

/// a += b, in place: the caller holds the only reference to `a`.
public func addInPlace(_ a: Storage, _ b: Storage) {
  precondition(a.count == b.count, "\(a.count) += \(b.count)")
  let sum = unsafe a.pointer
  let term = unsafe b.pointer
  shareBlocks(a.count, size: elementBlock) { block in
    for i in block { unsafe sum[i] += term[i] }
  }
}
