/// How well scores tell classes apart.
public struct ClassificationMetrics: Sendable, Equatable {
  /// Percent of samples whose class has the highest score.
  public let top1: Double
  /// Percent of samples whose class is among the five highest scores.
  public let top5: Double
  /// Percent of each class's samples that are right, (C); nil for a class without samples.
  public let perClass: [Double?]
  /// `confusion[a][b]`: samples of class a that were taken for class b, (C, C).
  public let confusion: [[Int]]

  /// The mean over the classes that have samples, in percent.
  public var meanClass: Double {
    let present = perClass.compactMap(\.self)
    return present.isEmpty ? 0 : present.reduce(0, +) / Double(present.count)
  }

  /// Metrics of scores, (N, C) row by row, against the true classes, (N).
  ///
  /// Of equal scores the lower class comes first.
  public init(scores: [Float], labels: [Int], classCount: Int) {
    precondition(
      scores.count == labels.count * classCount, "\(scores.count) scores for \(labels.count) samples")
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
    var (first, five) = (0, 0)
    for (row, label) in labels.enumerated() {
      let line = scores[(row * classCount)..<((row + 1) * classCount)]
      let own = line[row * classCount + label]
      var best = 0
      var rank = 0
      for (candidate, score) in line.enumerated() {
        if score > line[row * classCount + best] { best = candidate }
        if score > own || (score == own && candidate < label) { rank += 1 }
      }
      confusion[label][best] += 1
      if rank == 0 { first += 1 }
      if rank < 5 { five += 1 }
    }
    let total = Double(max(labels.count, 1))
    top1 = 100 * Double(first) / total
    top5 = 100 * Double(five) / total
    perClass = confusion.enumerated().map { label, line in
      let count = line.reduce(0, +)
      return count == 0 ? nil : 100 * Double(line[label]) / Double(count)
    }
    self.confusion = confusion
  }
}
