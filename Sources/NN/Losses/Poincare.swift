import Kernels
import TensorCore

/// The hyperbolic distance of each row to the same row of `target`, both brought into the Poincaré ball of curvature
/// -1: (N, D) and (N, D), a constant, to (N).
///
///     x = tanh(‖v‖) v / ‖v‖, at most 1 - 1e-5 long;  d(x, y) = 2 artanh ‖(-x) ⊕ y‖, the norm at most 1 - 1e-7
///
/// Computed in double precision, since near the border single precision has no distances left. Franco et al.,
/// "Hyperbolic self-paced learning for self-supervised skeleton-based action representations", 2023, equations 2 to 5.
public func poincareDistance(_ v: Tensor, to target: Tensor) -> Tensor {
  precondition(
    v.shape.count == 2 && v.shape == target.shape,
    "distances of shapes \(v.shape) and \(target.shape), not (N, D) both")
  precondition(!target.isVariable, "a target is a constant: detach it")
  let (x, y, width) = (v.storage, target.storage, v.shape[1])
  return Tensor(Kernels.poincareDistances(x, y, width: width), shape: [v.shape[0]], inputs: [v]) { gradient in
    [Kernels.poincareDistancesPullback(x, y, width: width, gradient)]
  }
}
