import TensorCore

/// mean over rows of 2 - 2 cos(prediction, target): the squared distance of the directions.
///
/// prediction (N, D); target (N, D), a constant. Grill et al., "Bootstrap your own latent", 2020, equation 2.
public func byol(prediction: Tensor, target: Tensor) -> Tensor {
  precondition(!target.isVariable, "a target is a constant: detach it")
  let cosines = prediction.normalizedRows().rowDot(target.normalizedRows())  // (N)
  return (cosines * -2 + Tensor(scalar: 2)).mean()
}
