/// Each row minus its mean and divided by its deviation, √(variance + epsilon): the rows, and one over the deviations.
///
/// The variance is divided by the width, or by one less where `unbiased`.
public func standardizeRows(_ a: Storage, width: Int, epsilon: Float, unbiased: Bool = false) -> (
  rows: Storage, inverse: Storage
) {
  let rows = a.count / width
  let result = Storage(count: a.count)
  let inverse = Storage(count: rows)
  let x = unsafe a.pointer
  let y = unsafe result.pointer
  let inverses = unsafe inverse.pointer
  let divisor = Double(unbiased ? width - 1 : width)
  shareBlocks(rows, size: max(1, elementBlock / width)) { block in
    for row in block {
      let from = unsafe x + row * width
      let to = unsafe y + row * width
      let mean = Float(unsafe laneSum(from, width) / Double(width))
      for j in 0..<width { unsafe to[j] = from[j] - mean }
      let variance = Float(unsafe laneSumOfSquares(to, width) / divisor)
      let factor = 1 / (variance + epsilon).squareRoot()
      for j in 0..<width { unsafe to[j] *= factor }
      unsafe inverses[row] = factor
    }
  }
  return (result, inverse)
}

/// The pullback of `standardizeRows` with rows y: inverse (g - mean(g) - y sum(g y) / divisor).
public func standardizeRowsPullback(
  _ y: Storage, inverse: Storage, _ gradient: Storage, width: Int, unbiased: Bool = false
) -> Storage {
  let result = Storage(count: y.count)
  let values = unsafe y.pointer
  let g = unsafe gradient.pointer
  let to = unsafe result.pointer
  let factors = unsafe inverse.pointer
  let divisor = Double(unbiased ? width - 1 : width)
  shareBlocks(inverse.count, size: max(1, elementBlock / width)) { block in
    for row in block {
      let (own, other) = unsafe (values + row * width, g + row * width)
      let target = unsafe to + row * width
      let mean = Float(unsafe laneSum(other, width) / Double(width))
      let slope = Float(unsafe laneProductSum(own, other, width) / divisor)
      let factor = unsafe factors[row]
      for j in 0..<width { unsafe target[j] = factor * (other[j] - mean - slope * own[j]) }
    }
  }
  return result
}

/// The sum of squares, as `laneSum` adds.
private func laneSumOfSquares(_ x: UnsafeMutablePointer<Float>, _ count: Int) -> Double {
  unsafe laneProductSum(x, x, count)
}

/// The sum of products, 16 lanes of single precision for 1024 numbers at a time, then double precision.
func laneProductSum(_ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int)
  -> Double
{
  var total = 0.0
  var first = 0
  while first + 16 <= count {
    let end = min(count, first + 1024)
    var lanes = SIMD16<Float>.zero
    while first + 16 <= end {
      let left = unsafe UnsafeRawPointer(x + first).loadUnaligned(as: SIMD16<Float>.self)
      let right = unsafe UnsafeRawPointer(y + first).loadUnaligned(as: SIMD16<Float>.self)
      lanes += left * right
      first += 16
    }
    for lane in 0..<16 { total += Double(lanes[lane]) }
  }
  while first < count {
    total += unsafe Double(x[first]) * Double(y[first])
    first += 1
  }
  return total
}
