import Kernels
import TensorCore

/// mean over rows of -log softmax(logits)[label]; logits (N, C).
public func softmaxCrossEntropy(_ logits: Tensor, labels: [Int]) -> Tensor {
  precondition(
    logits.shape.count == 2 && logits.shape[0] == labels.count
      && labels.allSatisfy { $0 >= 0 && $0 < logits.shape[1] },
    "logits of shape \(logits.shape) for labels \(labels)")
  let (probabilities, logSums) = Kernels.softmaxRows(logits.storage, width: logits.shape[1], scale: 1)
  let loss = Kernels.crossEntropy(logits.storage, logSums: logSums, labels: labels, scale: 1)
  return Tensor(Storage([loss]), shape: [], inputs: [logits]) { gradient in
    let factor = gradient.first / Float(labels.count)
    return [Kernels.crossEntropyPullback(probabilities, labels: labels, factor: factor)]
  }
}

/// mean over rows of -log softmax([positive, negatives] / temperature)[0]; positive (N), negatives (N, K).
///
/// van den Oord, Li and Vinyals, "Representation learning with contrastive predictive coding", 2018, equation
/// 4.
public func infoNCE(positive: Tensor, negatives: Tensor, temperature: Float) -> Tensor {
  precondition(
    positive.shape.count == 1 && negatives.shape.count == 2 && negatives.shape[0] == positive.shape[0],
    "positives of shape \(positive.shape) and negatives of shape \(negatives.shape), not (N) and (N, K)")
  let rows = positive.shape[0]
  let labels = [Int](repeating: 0, count: rows)
  let scale = 1 / temperature
  let logits = Kernels.prependColumn(positive.storage, negatives.storage)  // (N, 1 + K)
  let (probabilities, logSums) = Kernels.softmaxRows(logits, width: 1 + negatives.shape[1], scale: scale)
  let loss = Kernels.crossEntropy(logits, logSums: logSums, labels: labels, scale: scale)
  return Tensor(Storage([loss]), shape: [], inputs: [positive, negatives]) { gradient in
    let factor = gradient.first * scale / Float(rows)
    let toLogits = Kernels.crossEntropyPullback(probabilities, labels: labels, factor: factor)
    let (toPositive, toNegatives) = Kernels.splitColumn(toLogits, rows: rows)
    return [toPositive, toNegatives]
  }
}

/// mean over rows of KL(p ‖ q) = Σ_k p (log p - log q), p = softmax(teacher / T_t), q = softmax(student /
/// T_s).
///
/// teacher (N, K), a constant, and student (N, K) are similarities to the same K keys: Mao et al., "CMD:
/// Self-supervised 3D action representation learning with cross-modal mutual distillation", 2022, equation 7.
public func similarityKL(
  teacher: Tensor, student: Tensor, teacherTemperature: Float, studentTemperature: Float
) -> Tensor {
  precondition(
    teacher.shape.count == 2 && teacher.shape == student.shape,
    "similarities of shapes \(teacher.shape) and \(student.shape), not (N, K) both")
  precondition(!teacher.isVariable, "a teacher's similarities are a constant: detach them")
  let (rows, width) = (teacher.shape[0], teacher.shape[1])
  let (teacherScale, studentScale) = (1 / teacherTemperature, 1 / studentTemperature)
  let (p, teacherLogSums) = Kernels.softmaxRows(teacher.storage, width: width, scale: teacherScale)
  let (q, studentLogSums) = Kernels.softmaxRows(student.storage, width: width, scale: studentScale)
  let sum = Kernels.divergence(
    probabilities: p, teacher: teacher.storage, teacherScale: teacherScale, teacherLogSums: teacherLogSums,
    student: student.storage, studentScale: studentScale, studentLogSums: studentLogSums)
  return Tensor(Storage([sum / Float(rows)]), shape: [], inputs: [student]) { gradient in
    [Kernels.scale(Kernels.subtract(q, p), by: gradient.first * studentScale / Float(rows))]
  }
}

/// Σ (prediction - target)² (1 - mask) / Σ (1 - mask): the mean squared error over what the mask (1 visible,
/// 0 masked) hides; 0 where it hides nothing. All of one shape; target and mask are constants.
public func maskedMSE(_ prediction: Tensor, target: Tensor, mask: Tensor) -> Tensor {
  precondition(
    prediction.shape == target.shape && prediction.shape == mask.shape,
    "a prediction of shape \(prediction.shape), a target of \(target.shape), a mask of \(mask.shape)")
  precondition(!target.isVariable && !mask.isVariable, "a reconstruction's target and mask are constants")
  let difference = Kernels.subtract(prediction.storage, target.storage)
  let errors = Kernels.hidden(difference, mask: mask.storage)  // (prediction - target) (1 - mask)
  let count = Float(mask.count) - Kernels.sum(mask.storage)
  let share = count > 0 ? 1 / count : 0
  let loss = Kernels.sum(Kernels.multiply(errors, difference)) * share
  return Tensor(Storage([loss]), shape: [], inputs: [prediction]) { gradient in
    [Kernels.scale(errors, by: 2 * share * gradient.first)]
  }
}
