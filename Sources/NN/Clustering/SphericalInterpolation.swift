import Foundation
import TensorCore

/// Of two directions the one that lies a share of the way from the first to the second along the sphere, row by row:
/// sin((1 - t) ω) / sin ω a + sin(t ω) / sin ω b, ω the angle between them. Values alone: no gradient flows.
///
/// a and b (N, D), rows of length 1; `shares` t, one a row. Between opposite rows there is no one way: the straight line
/// is taken. Shoemake, "Animating rotation with quaternion curves", 1985.
public func sphericalInterpolation(_ a: Tensor, _ b: Tensor, shares: [Float]) -> Tensor {
  precondition(
    a.shape.count == 2 && a.shape == b.shape && shares.count == a.shape[0],
    "\(shares.count) shares between rows of shapes \(a.shape) and \(b.shape), not (N, D) both")
  let width = a.shape[1]
  let (x, y) = (a.values, b.values)
  var result = [Float](repeating: 0, count: x.count)
  for (row, share) in shares.enumerated() {
    let range = row * width..<(row + 1) * width
    // By the half of difference and sum, which is exact for small angles, where the arc cosine is not.
    let (apart, together) = range.reduce((0.0, 0.0)) { sums, i in
      let (difference, sum) = (Double(x[i]) - Double(y[i]), Double(x[i]) + Double(y[i]))
      return (sums.0 + difference * difference, sums.1 + sum * sum)
    }
    let angle = 2 * atan2(apart.squareRoot(), together.squareRoot())
    let t = Double(share)
    let (first, second) =
      sin(angle) < 1e-9 ? (1 - t, t) : (sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle))
    for i in range { result[i] = Float(first * Double(x[i]) + second * Double(y[i])) }
  }
  return Tensor(result, shape: a.shape)
}
