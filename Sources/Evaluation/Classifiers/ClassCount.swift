import Batches
import Skeleton

/// The number of classes of a classification task.
///
/// - Throws: an `InputError` if a sample has no class, or a class is tested that was not trained.
func checkedClassCount(train: [Int], test: [Int]) throws -> Int {
  guard (train + test).allSatisfy({ $0 >= 0 }) else {
    throw InputError("labels", found: "a sample without a class", hint: "recognition needs labelled samples")
  }
  let unseen = Set(test).subtracting(train).sorted()
  guard unseen.isEmpty else {
    throw InputError(
      "labels",
      found: "test classes without a training sample: \(unseen.map { "A\($0 + 1)" }.joined(separator: ", "))",
      hint: "choose a split in which every tested class is also trained")
  }
  return (train.max() ?? -1) + 1
}

extension EvaluationSubject {
  /// The number of classes, for a task that trains on one side and measures all others.
  func checkedClasses() throws -> Int {
    try checkedClassCount(train: train.labels, test: measured.flatMap { $0.source.labels })
  }

  /// What the logits of each encoder are multiplied by before they are added up; 1 each where nothing is given.
  func checkedWeights(_ weights: [Float]) throws -> [Float] {
    guard weights.isEmpty || weights.count == encoders.count else {
      throw InputError(
        "weights", found: "\(weights.count) numbers",
        expected: "one for each of the \(encoders.count) checkpoints")
    }
    return weights.isEmpty ? [Float](repeating: 1, count: encoders.count) : weights
  }
}
