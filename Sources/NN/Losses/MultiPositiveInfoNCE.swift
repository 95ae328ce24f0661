import Kernels
import TensorCore

/// mean over rows of -log Σ_g softmax([positives, negatives] / temperature)_g: the positives share one probability.
///
/// positives (N, G), negatives (N, K). Dong et al., "Hierarchical contrast for unsupervised skeleton-based action
/// representation learning", 2023, equation 5.
public func multiPositiveInfoNCE(positives: Tensor, negatives: Tensor, temperature: Float) -> Tensor {
  precondition(
    positives.shape.count == 2 && negatives.shape.count == 2 && positives.shape[0] == negatives.shape[0],
    "positives of shape \(positives.shape) and negatives of shape \(negatives.shape), not (N, G) and (N, K)")
  let (rows, scale) = (positives.shape[0], 1 / temperature)
  let (p, own) = Kernels.softmaxRows(positives.storage, width: positives.shape[1], scale: scale)
  let (q, others) = Kernels.softmaxRows(negatives.storage, width: negatives.shape[1], scale: scale)
  // Of both sums one more softmax is made: the loss is its cross-entropy, its slope the negatives' share.
  let sums = Kernels.prependColumn(own, others)  // (N, 2)
  let (probabilities, all) = Kernels.softmaxRows(sums, width: 2, scale: 1)
  let loss = Kernels.sum(Kernels.subtract(all, own)) / Float(rows)
  return Tensor(Storage([loss]), shape: [], inputs: [positives, negatives]) { gradient in
    let share = Kernels.scale(
      Kernels.splitColumn(probabilities, rows: rows).rest, by: gradient.first * scale / Float(rows))
    return [Kernels.scaleRows(p, by: Kernels.scale(share, by: -1)), Kernels.scaleRows(q, by: share)]
  }
}
