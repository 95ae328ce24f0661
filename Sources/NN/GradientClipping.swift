import Kernels
import TensorCore

/// The length of all gradients of trainable parameters taken as one vector.
public func gradientNorm(_ gradients: Gradients, of parameters: [Parameter]) -> Float {
  let squares = parameters.lazy.filter(\.isTrainable).compactMap { gradients[$0.value] }
    .map { Kernels.sumOfSquares($0.storage) }
  return Float(squares.reduce(0, +).squareRoot())
}

/// What gradients are multiplied by so that together they are no longer than `limit`: limit / (length + 1e-6), at most
/// 1; 1 where the limit is 0, which stands for none. As PyTorch's `clip_grad_norm_`.
public func clippingScale(_ gradients: Gradients, of parameters: [Parameter], to limit: Float) -> Float {
  guard limit > 0 else { return 1 }
  return min(limit / (gradientNorm(gradients, of: parameters) + 1e-6), 1)
}
