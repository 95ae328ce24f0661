import TensorCore

/// mean over rows of (1 - cos(prediction, target))²: rows that already point well count little.
///
/// prediction (R, D), the rows that were hidden; target (R, D), a constant. Hou et al., "GraphMAE: self-supervised
/// masked graph autoencoders", 2022, equation 6, with exponent 2; Yan et al., "SkeletonMAE: graph-based masked
/// autoencoder for skeleton sequence pre-training", 2023, print the same sum divided by R², not R.
public func cosineReconstruction(_ prediction: Tensor, target: Tensor) -> Tensor {
  precondition(!target.isVariable, "a reconstruction's target is a constant")
  let cosines = prediction.normalizedRows().rowDot(target.normalizedRows())  // (R)
  let errors = cosines * -1 + Tensor(scalar: 1)
  return (errors * errors).mean()
}
