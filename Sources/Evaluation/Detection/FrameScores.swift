import Foundation

/// How sure a frame classifier is of every class in every frame of a recording.
public struct FrameScores: Sendable, Equatable {
  /// Probabilities, (T, 1 + classes): column 0 is no action at all, column c + 1 the class c.
  public let values: [Float]
  /// Columns, 1 + classes.
  public let width: Int

  /// The number of frames, T.
  public var frameCount: Int { values.count / width }

  /// Scores of whole frames.
  public init(values: [Float], width: Int) {
    precondition(
      width >= 2 && values.count.isMultiple(of: width), "\(values.count) scores of \(width) columns")
    self.values = values
    self.width = width
  }

  /// The softmax of logits, (T, 1 + classes).
  init(logits: [Float], width: Int) {
    var values = logits
    for row in stride(from: 0, to: values.count, by: width) {
      let top = values[row..<(row + width)].max() ?? 0
      var sum: Float = 0
      for column in row..<(row + width) {
        values[column] = exp(values[column] - top)
        sum += values[column]
      }
      for column in row..<(row + width) { values[column] /= sum }
    }
    self.init(values: values, width: width)
  }

  /// The column with the highest score of each frame, (T), of equals the lowest.
  var columns: [Int] {
    (0..<frameCount).map { frame in
      var best = 0
      for column in 1..<width where values[frame * width + column] > values[frame * width + best] {
        best = column
      }
      return best
    }
  }

  /// Each frame's mean over the frames from `halfWidth` before it to `halfWidth` − 1 after it, as far as there are any
  /// before the last frame: the published filter leaves the last frame out.
  public func smoothed(halfWidth: Int) -> FrameScores {
    guard halfWidth > 0, frameCount > 0 else { return self }
    // Sums up to each frame, so that the work does not depend on the width.
    var sums = [Double](repeating: 0, count: width)  // (T + 1, width)
    sums.reserveCapacity((frameCount + 1) * width)
    for (index, value) in values.enumerated() { sums.append(sums[index] + Double(value)) }
    var result: [Float] = []  // (T, width)
    result.reserveCapacity(values.count)
    for frame in 0..<frameCount {
      let start = max(frame - halfWidth, 0)
      let end = max(min(frame + halfWidth, frameCount - 1), start + 1)
      for column in 0..<width {
        result.append(
          Float((sums[end * width + column] - sums[start * width + column]) / Double(end - start)))
      }
    }
    return FrameScores(values: result, width: width)
  }

  /// The actions: longest runs of frames in which something happens, each of the class with the highest mean.
  ///
  /// - Parameters:
  ///   - threshold: something happens where the probability of column 0 is at most 1 − threshold.
  ///   - shortest: runs of fewer frames are passed over.
  /// - Returns: actions in the order of their frames; the score is the run's mean probability of the class.
  public func actions(threshold: Float, shortest: Int = 1) -> [TimedAction] {
    var actions: [TimedAction] = []
    var start: Int?
    for frame in 0...frameCount {
      let isActive = frame < frameCount && 1 - values[frame * width] >= threshold
      if isActive && start == nil { start = frame }
      guard !isActive, let first = start else { continue }
      start = nil
      if frame - first >= shortest { actions.append(action(first..<frame)) }
    }
    return actions
  }

  /// The action that a run of frames is, were it one.
  private func action(_ frames: Range<Int>) -> TimedAction {
    var sums = [Double](repeating: 0, count: width)
    for frame in frames {
      for column in 0..<width { sums[column] += Double(values[frame * width + column]) }
    }
    var best = 1
    for column in 1..<width where sums[column] > sums[best] { best = column }
    return TimedAction(
      label: best - 1, start: frames.lowerBound, end: frames.upperBound,
      score: sums[best] / Double(frames.count))
  }
}
