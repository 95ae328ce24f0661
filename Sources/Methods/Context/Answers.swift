import TensorCore

/// How well questions were answered: the share of right answers, and the share that who always gives the commonest one
/// would have.
struct Answers {
  private(set) var accuracy: Float = 0
  private(set) var chance: Float = 0

  /// Answers, the largest of the logits (R, C), to questions whose right answers are `labels`, (R).
  init(_ logits: Tensor, labels: [Int]) {
    let width = logits.shape[1]
    let guesses = logits.detached().largestColumns(1)
    let right = zip(guesses, labels).count { $0 == $1 }
    var counts = [Int](repeating: 0, count: width)
    for label in labels { counts[label] += 1 }
    let total = Float(max(labels.count, 1))
    (accuracy, chance) = (Float(right) / total, Float(counts.max() ?? 0) / total)
  }

  /// Known shares.
  init(accuracy: Float, chance: Float) { (self.accuracy, self.chance) = (accuracy, chance) }

  /// Puts both into the log, for the term of a name.
  func measure(_ term: String, _ step: inout Step) {
    step.measure("accuracy_\(term)", accuracy)
    step.measure("chance_\(term)", chance)
  }
}
