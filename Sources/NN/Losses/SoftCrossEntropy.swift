import Kernels
import TensorCore

/// mean over rows of -Σ_c p_c log softmax(logits / temperature)_c; logits (N, C), `target` p (N, C) a constant whose
/// rows add up to 1.
public func softCrossEntropy(_ logits: Tensor, target: Tensor, temperature: Float = 1) -> Tensor {
  precondition(
    logits.shape.count == 2 && logits.shape == target.shape,
    "logits of shape \(logits.shape) for a target of shape \(target.shape), not (N, C) both")
  precondition(!target.isVariable, "the target of a cross-entropy is a constant: detach it")
  let (rows, width, scale) = (logits.shape[0], logits.shape[1], 1 / temperature)
  let (q, logSums) = Kernels.softmaxRows(logits.storage, width: width, scale: scale)
  let p = target.storage
  // With Σ p = 1, -Σ p log q = log Σ exp(logits) - Σ p logits.
  let products = Kernels.rowDots(logits.storage, p, width: width)
  let loss = (Kernels.sum(logSums) - scale * Kernels.sum(products)) / Float(rows)
  return Tensor(Storage([loss]), shape: [], inputs: [logits]) { gradient in
    [Kernels.scale(Kernels.subtract(q, p), by: gradient.first * scale / Float(rows))]
  }
}

/// `softmaxCrossEntropy` against labels of which a share is spread over all classes: 1 - smoothing + smoothing / C at
/// the label, smoothing / C elsewhere.
///
/// Szegedy et al., "Rethinking the Inception architecture for computer vision", 2016, section 7.
public func softmaxCrossEntropy(_ logits: Tensor, labels: [Int], smoothing: Float) -> Tensor {
  precondition(
    logits.shape.count == 2 && logits.shape[0] == labels.count
      && labels.allSatisfy { $0 >= 0 && $0 < logits.shape[1] },
    "logits of shape \(logits.shape) for labels \(labels)")
  let classes = logits.shape[1]
  var target = [Float](repeating: smoothing / Float(classes), count: logits.count)
  for (row, label) in labels.enumerated() { target[row * classes + label] += 1 - smoothing }
  return softCrossEntropy(logits, target: Tensor(target, shape: logits.shape))
}
