import Foundation

/// The longest that a point of the ball may be.
private let longest = 1 - 1e-5
/// The largest argument of artanh.
private let farthest = 1 - 1e-7

/// A vector in the ball: tanh(‖v‖) v / ‖v‖, at most `longest` long.
private struct BallPoint {
  let length: Double  // of the vector
  let radius: Double  // of the point
  let slope: Double  // how the radius grows with the length
  let square: Double  // of the radius

  init(_ v: UnsafePointer<Float>, width: Int) {
    var sum = 0.0
    for i in 0..<width { unsafe sum += Double(v[i]) * Double(v[i]) }
    length = max(sum.squareRoot(), 1e-15)
    let far = tanh(length)
    radius = min(far, longest)
    slope = far > longest ? 0 : 1 - far * far
    square = radius * radius
  }

  /// What a coordinate of the vector is multiplied by.
  var factor: Double { radius / length }
}

/// The distance of two points of the ball and what its gradient needs.
private struct BallDistance {
  let distance: Double
  /// d = arcosh(1 + 2 u / (α β)), u the squared difference, α and β what the points' squares lack to 1. The gradient by
  /// x is `toDifference` (x - y) + `toPoint` x.
  let toDifference: Double
  let toPoint: Double

  init(_ a: BallPoint, _ b: BallPoint, difference u: Double) {
    let (alpha, beta) = (1 - a.square, 1 - b.square)
    let excess = 2 * u / (alpha * beta)
    // ‖(-x) ⊕ y‖² = (γ - 1) / (γ + 1) for cosh d = γ.
    let norm = (excess / (excess + 2)).squareRoot()
    let root = (excess * (excess + 2)).squareRoot()
    if norm > farthest || root == 0 {
      distance = root == 0 ? 0 : 2 * atanh(farthest)
      (toDifference, toPoint) = (0, 0)
    } else {
      distance = log1p(excess + root)
      toDifference = 4 / (alpha * beta) / root
      toPoint = 4 * u / (alpha * alpha * beta) / root
    }
  }
}

/// The hyperbolic distance of each row of a to the same row of b, both brought into the ball.
public func poincareDistances(_ a: Storage, _ b: Storage, width: Int) -> Storage {
  let result = Storage(count: a.count / width)
  for row in 0..<result.count {
    unsafe result.pointer[row] = Float(measure(a, b, width: width, row: row).distance.distance)
  }
  return result
}

/// Two rows as points of the ball and their distance.
private func measure(
  _ a: Storage, _ b: Storage, width: Int, row: Int
) -> (x: BallPoint, y: BallPoint, distance: BallDistance) {
  let (v, w) = unsafe (a.pointer + row * width, b.pointer + row * width)
  let (x, y) = unsafe (BallPoint(v, width: width), BallPoint(w, width: width))
  var difference = 0.0
  for i in 0..<width {
    let part = unsafe Double(v[i]) * x.factor - Double(w[i]) * y.factor
    difference += part * part
  }
  return (x, y, BallDistance(x, y, difference: difference))
}

/// The pullback of `poincareDistances` to a.
public func poincareDistancesPullback(_ a: Storage, _ b: Storage, width: Int, _ gradient: Storage) -> Storage
{
  let result = Storage(count: a.count)
  for row in 0..<gradient.count {
    let (x, y, distance) = measure(a, b, width: width, row: row)
    let (v, w) = unsafe (a.pointer + row * width, b.pointer + row * width)
    let to = unsafe result.pointer + row * width
    func toPoint(_ i: Int) -> Double {
      let (own, other) = unsafe (Double(v[i]) * x.factor, Double(w[i]) * y.factor)
      return distance.toDifference * (own - other) + distance.toPoint * own
    }
    // x = radius(‖v‖) n: across n the gradient shrinks by the radius over the length, along n by the slope.
    var along = 0.0
    for i in 0..<width { along += unsafe toPoint(i) * Double(v[i]) / x.length }
    for i in 0..<width {
      let n = unsafe Double(v[i]) / x.length
      let value = (toPoint(i) - along * n) * x.factor + along * n * x.slope
      unsafe to[i] = Float(value * Double(gradient.pointer[row]))
    }
  }
  return result
}
