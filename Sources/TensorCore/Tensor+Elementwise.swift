import Kernels

extension Tensor {
  /// An operation on each number whose pullback needs the gradient and one array.
  private func elementwise(
    _ y: Storage, keeping kept: Storage, _ pullback: @escaping @Sendable (Storage, Storage) -> Storage
  ) -> Tensor {
    Tensor(y, shape: shape, inputs: [self]) { gradient in [pullback(kept, gradient)] }
  }

  /// eˣ.
  public func exp() -> Tensor {
    let y = Kernels.exp(storage)
    return elementwise(y, keeping: y) { Kernels.multiply($1, $0) }
  }

  /// The natural logarithm.
  public func log() -> Tensor {
    elementwise(Kernels.log(storage), keeping: storage) { Kernels.divide($1, $0) }
  }

  /// √x; its derivative at 0 is infinite.
  public func squareRoot() -> Tensor {
    let y = Kernels.squareRoot(storage)
    return elementwise(y, keeping: y) { Kernels.squareRootPullback($0, $1) }
  }

  /// x².
  public func square() -> Tensor {
    elementwise(Kernels.multiply(storage, storage), keeping: storage) {
      Kernels.scale(Kernels.multiply($1, $0), by: 2)
    }
  }

  /// |x|, with gradient 0 at 0.
  public func abs() -> Tensor {
    elementwise(Kernels.absolute(storage), keeping: storage) { Kernels.absolutePullback($0, $1) }
  }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Tensor {
    let y = Kernels.sigmoid(storage)
    return elementwise(y, keeping: y) { Kernels.sigmoidPullback($0, $1) }
  }

  /// tanh(x).
  public func tanh() -> Tensor {
    let y = Kernels.tanh(storage)
    return elementwise(y, keeping: y) { Kernels.tanhPullback($0, $1) }
  }

  /// The Gaussian error linear unit, x Φ(x), or its form with a hyperbolic tangent.
  ///
  /// Source: Hendrycks and Gimpel, "Gaussian error linear units (GELUs)", 2016.
  public func gelu(_ form: GELU = .exact) -> Tensor {
    elementwise(Kernels.gelu(storage, form), keeping: storage) { Kernels.geluPullback($0, $1, form) }
  }

  /// x where it is positive, else `slope` x; the gradient at 0 is `slope`.
  public func leakyRelu(slope: Float) -> Tensor {
    elementwise(Kernels.leakyRelu(storage, slope: slope), keeping: storage) {
      Kernels.leakyReluPullback($0, $1, slope: slope)
    }
  }

  /// x, or the nearer end of the range; no gradient flows to what lies outside.
  public func clamped(_ range: ClosedRange<Float>) -> Tensor {
    let (low, high) = (range.lowerBound, range.upperBound)
    return elementwise(Kernels.clamp(storage, low, high), keeping: storage) {
      Kernels.clampPullback($0, $1, low, high)
    }
  }

  /// This tensor where the mask, a constant shaped like it, is not 0, else the other.
  public func selected(where mask: Tensor, else other: Tensor) -> Tensor {
    precondition(
      shape == mask.shape && shape == other.shape && !mask.isVariable,
      "a choice between shapes \(shape) and \(other.shape) by a constant mask of \(mask.shape)")
    let (chosen, count) = (mask.storage, count)
    let (needsThis, needsOther) = (isVariable, other.isVariable)
    return Tensor(
      Kernels.select(chosen, storage, other.storage), shape: shape, inputs: [self, other]
    ) { gradient in
      let zeros = Storage(repeating: 0, count: count)
      return [
        needsThis ? Kernels.select(chosen, gradient, zeros) : nil,
        needsOther ? Kernels.select(chosen, zeros, gradient) : nil,
      ]
    }
  }
}
