/// The shape of two arrays of which either may be repeated over any axis, aligned at their last axes; nil where an axis
/// has two lengths and neither is 1.
public func repeatedShape(_ a: [Int], _ b: [Int]) -> [Int]? {
  let count = max(a.count, b.count)
  var shape: [Int] = []
  for axis in 0..<count {
    let x = axis < count - a.count ? 1 : a[axis - (count - a.count)]
    let y = axis < count - b.count ? 1 : b[axis - (count - b.count)]
    guard x == y || x == 1 || y == 1 else { return nil }
    shape.append(x == 1 ? y : x)
  }
  return shape
}

/// Neighbouring axes that both arrays have, or only one of them has, taken as one.
private struct Run {
  var length: Int
  let hasA: Bool
  let hasB: Bool
}

/// The axes of the result, as few as tell the same.
private func runs(_ shape: [Int], _ a: [Int], _ b: [Int]) -> [Run] {
  var result: [Run] = []
  for (axis, length) in shape.enumerated() where length != 1 {
    let (inA, inB) = (axis - (shape.count - a.count), axis - (shape.count - b.count))
    let (hasA, hasB) = (inA >= 0 && a[inA] != 1, inB >= 0 && b[inB] != 1)
    if let last = result.last, last.hasA == hasA && last.hasB == hasB {
      result[result.count - 1].length *= length
    } else {
      result.append(Run(length: length, hasA: hasA, hasB: hasB))
    }
  }
  return result.isEmpty ? [Run(length: 1, hasA: true, hasB: true)] : result
}

/// y = f(a, b), element by element, each repeated to the shape of both.
@inline(__always)
private func combineRepeated(
  _ a: Storage, _ aShape: [Int], _ b: Storage, _ bShape: [Int], _ f: (Float, Float) -> Float
) -> Storage {
  guard let shape = repeatedShape(aShape, bShape) else {
    preconditionFailure("shapes \(aShape) and \(bShape) cannot be repeated to one")
  }
  let runs = runs(shape, aShape, bShape)
  let inner = runs[runs.count - 1]
  let outer = Array(runs.dropLast())
  let (aSteps, bSteps) = (steps(runs) { $0.hasA }, steps(runs) { $0.hasB })
  let result = Storage(count: shape.reduce(1, *))
  let width = inner.length
  let (x, other) = unsafe (a.pointer, b.pointer)
  let y = unsafe result.pointer
  shareBlocks(width == 0 ? 0 : result.count / width, size: max(1, elementBlock / max(1, width))) { rows in
    for row in rows {
      var (rest, atA, atB) = (row, 0, 0)
      for axis in outer.indices.reversed() {
        let index = rest % outer[axis].length
        rest /= outer[axis].length
        atA += index * aSteps[axis]
        atB += index * bSteps[axis]
      }
      let to = unsafe y + row * width
      let (left, right) = unsafe (x + atA, other + atB)
      if inner.hasA && inner.hasB {
        for i in 0..<width { unsafe to[i] = f(left[i], right[i]) }
      } else if inner.hasA {
        let scalar = unsafe right[0]
        for i in 0..<width { unsafe to[i] = f(left[i], scalar) }
      } else {
        let scalar = unsafe left[0]
        for i in 0..<width { unsafe to[i] = f(scalar, right[i]) }
      }
    }
  }
  return result
}

/// How far one array moves with each axis of the result: 0 where it is repeated.
private func steps(_ runs: [Run], _ has: (Run) -> Bool) -> [Int] {
  var steps = [Int](repeating: 0, count: runs.count)
  var step = 1
  for axis in runs.indices.reversed() where has(runs[axis]) {
    steps[axis] = step
    step *= runs[axis].length
  }
  return steps
}

/// a + b, either repeated over any axis.
public func add(_ a: Storage, _ aShape: [Int], _ b: Storage, _ bShape: [Int]) -> Storage {
  combineRepeated(a, aShape, b, bShape) { $0 + $1 }
}

/// a - b, either repeated over any axis.
public func subtract(_ a: Storage, _ aShape: [Int], _ b: Storage, _ bShape: [Int]) -> Storage {
  combineRepeated(a, aShape, b, bShape) { $0 - $1 }
}

/// a b, element by element, either repeated over any axis.
public func multiply(_ a: Storage, _ aShape: [Int], _ b: Storage, _ bShape: [Int]) -> Storage {
  combineRepeated(a, aShape, b, bShape) { $0 * $1 }
}

/// a / b, element by element, either repeated over any axis.
public func divide(_ a: Storage, _ aShape: [Int], _ b: Storage, _ bShape: [Int]) -> Storage {
  combineRepeated(a, aShape, b, bShape) { $0 / $1 }
}

/// The sum over the axes that an array of shape `shape` was repeated over to become one of shape `repeated`.
public func sumRepeated(_ a: Storage, _ repeated: [Int], to shape: [Int]) -> Storage {
  if repeated.reduce(1, *) == shape.reduce(1, *) { return a }
  var (sum, rest) = (a, repeated)
  var axis = repeated.count
  while axis > 0 {
    let end = axis
    // Neighbouring axes go together.
    while axis > 0 && isRepeated(axis - 1, repeated, shape) { axis -= 1 }
    if axis < end {
      sum = sumAxis(sum, Axis(axis..<end, of: rest))
      for i in axis..<end { rest[i] = 1 }
    } else {
      axis -= 1
    }
  }
  return sum
}

private func isRepeated(_ axis: Int, _ repeated: [Int], _ shape: [Int]) -> Bool {
  let own = axis - (repeated.count - shape.count)
  return repeated[axis] == 1 || own < 0 || shape[own] == 1
}

/// An array of shape `shape` repeated to the shape `repeated`.
public func repeatArray(_ a: Storage, _ shape: [Int], to repeated: [Int]) -> Storage {
  combineRepeated(a, shape, Storage(count: repeated.reduce(1, *)), repeated) { value, _ in value }
}
