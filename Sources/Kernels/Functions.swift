import CKernels
import Foundation

/// A loop in C over blocks of the numbers.
@inline(__always)
private func share(
  _ a: Storage, _ loop: (Int, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) -> Storage {
  let result = Storage(count: a.count)
  shareBlocks(a.count, size: elementBlock) { block in
    unsafe loop(block.count, a.pointer + block.lowerBound, result.pointer + block.lowerBound)
  }
  return result
}

/// The same over two arrays of one count.
@inline(__always)
private func share(
  _ a: Storage, _ b: Storage,
  _ loop: (Int, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) -> Storage {
  precondition(a.count == b.count, "\(a.count) and \(b.count) numbers")
  let result = Storage(count: a.count)
  shareBlocks(a.count, size: elementBlock) { block in
    let at = block.lowerBound
    unsafe loop(block.count, a.pointer + at, b.pointer + at, result.pointer + at)
  }
  return result
}

/// exp(a), between 1e-38 and 2.4e38.
public func exp(_ a: Storage) -> Storage { unsafe share(a) { unsafe ck_exp($0, $1, $2) } }

/// 1 / (1 + exp(-a)).
public func sigmoid(_ a: Storage) -> Storage { unsafe share(a) { unsafe ck_sigmoid($0, $1, $2) } }

/// tanh(a).
public func tanh(_ a: Storage) -> Storage { unsafe share(a) { unsafe ck_tanh($0, $1, $2) } }

/// The natural logarithm.
public func log(_ a: Storage) -> Storage { map(a) { Foundation.log($0) } }

/// √a.
public func squareRoot(_ a: Storage) -> Storage { map(a) { $0.squareRoot() } }

/// |a|.
public func absolute(_ a: Storage) -> Storage { map(a) { abs($0) } }

/// g / a, element by element.
public func divide(_ gradient: Storage, _ a: Storage) -> Storage { combine(gradient, a) { $0 / $1 } }

/// The pullbacks of y = √a: g / (2 y).
public func squareRootPullback(_ y: Storage, _ gradient: Storage) -> Storage {
  combine(gradient, y) { $0 / (2 * $1) }
}

/// The pullback of |a|: g times the sign of a, 0 at 0.
public func absolutePullback(_ a: Storage, _ gradient: Storage) -> Storage {
  combine(gradient, a) { $1 > 0 ? $0 : $1 < 0 ? -$0 : 0 }
}

/// The pullback of y = sigmoid(a): g y (1 - y).
public func sigmoidPullback(_ y: Storage, _ gradient: Storage) -> Storage {
  combine(gradient, y) { $0 * $1 * (1 - $1) }
}

/// The pullback of y = tanh(a): g (1 - y²).
public func tanhPullback(_ y: Storage, _ gradient: Storage) -> Storage {
  combine(gradient, y) { $0 * (1 - $1 * $1) }
}

/// a, and `slope` a where a is negative.
public func leakyRelu(_ a: Storage, slope: Float) -> Storage { map(a) { $0 > 0 ? $0 : slope * $0 } }

/// g, and `slope` g where a is not positive.
public func leakyReluPullback(_ a: Storage, _ gradient: Storage, slope: Float) -> Storage {
  combine(gradient, a) { $1 > 0 ? $0 : slope * $0 }
}

/// a within the range, its ends where it is outside.
public func clamp(_ a: Storage, _ low: Float, _ high: Float) -> Storage {
  map(a) { $0 < low ? low : $0 > high ? high : $0 }
}

/// g where a is within the range, ends included, else 0.
public func clampPullback(_ a: Storage, _ gradient: Storage, _ low: Float, _ high: Float) -> Storage {
  combine(gradient, a) { $1 >= low && $1 <= high ? $0 : 0 }
}

/// How gelu is computed.
public enum GELU: Sendable {
  /// a Φ(a), Φ the normal distribution.
  case exact
  /// a (1 + tanh(√(2 / π) (a + 0.044715 a³))) / 2.
  case tanh
}

/// The Gaussian error linear unit of Hendrycks and Gimpel (2016).
public func gelu(_ a: Storage, _ form: GELU) -> Storage {
  switch form {
  case .exact: unsafe share(a) { unsafe ck_gelu($0, $1, $2) }
  case .tanh: unsafe share(a) { unsafe ck_gelu_tanh($0, $1, $2) }
  }
}

/// The pullback of `gelu`.
public func geluPullback(_ a: Storage, _ gradient: Storage, _ form: GELU) -> Storage {
  switch form {
  case .exact: unsafe share(a, gradient) { unsafe ck_gelu_backward($0, $1, $2, $3) }
  case .tanh: unsafe share(a, gradient) { unsafe ck_gelu_tanh_backward($0, $1, $2, $3) }
  }
}

/// The error function.
public func errorFunction(_ a: Storage) -> Storage { unsafe share(a) { unsafe ck_erf($0, $1, $2) } }

/// a where the mask is not 0, else b; all of one count.
public func select(_ mask: Storage, _ a: Storage, _ b: Storage) -> Storage {
  precondition(mask.count == a.count && a.count == b.count, "\(mask.count), \(a.count), \(b.count) numbers")
  let result = Storage(count: a.count)
  let m = unsafe mask.pointer
  let (x, other) = unsafe (a.pointer, b.pointer)
  let y = unsafe result.pointer
  shareBlocks(a.count, size: elementBlock) { block in
    for i in block { unsafe y[i] = m[i] != 0 ? x[i] : other[i] }
  }
  return result
}
