import Kernels
import TensorCore

/// InfoNCE with several positives a row that a mask names, each counted alike:
/// mean over rows of -Σ mask log softmax(logits / temperature) / Σ mask.
///
/// logits and mask (N, C), the mask of zeros and ones a constant with a one in every row. Li et al., "3D human action
/// representation learning via cross-view consistency pursuit", 2021, equation 6; Guo et al., "Contrastive learning
/// from extremely augmented skeleton sequences", 2022, equation 11.
public func minedInfoNCE(_ logits: Tensor, positives mask: Tensor, temperature: Float) -> Tensor {
  precondition(
    logits.shape.count == 2 && logits.shape == mask.shape,
    "logits of shape \(logits.shape) for a mask of shape \(mask.shape), not (N, C) both")
  return softCrossEntropy(logits, target: mask.sharedInRows(), temperature: temperature)
}

extension Tensor {
  /// Each row divided by its sum: (N, C), a constant.
  fileprivate func sharedInRows() -> Tensor {
    precondition(!isVariable, "the mask of positives is a constant: detach it")
    // Of zeros and ones, the square of a row of length 1 has the sum 1.
    let rows = Kernels.normalizeRows(storage, width: shape[1], epsilon: 1).rows
    return Tensor(Kernels.multiply(rows, rows), shape: shape)
  }
}
