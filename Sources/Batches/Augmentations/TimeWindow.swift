import Skeleton

/// Where a clip goes that was cut from a longer sequence of the same number of frames.
public enum ClipLayout: String, CaseIterable, Sendable {
  /// It stays where it was; the frames outside are 0. The paper: "we just mask for efficiency".
  case inplace
  /// At the beginning, zeros after it.
  case left
  /// At the end, zeros before it, so that the last step has just seen it.
  case right
  /// Resampled to the full length.
  case resize
}

extension SkeletonClip {
  /// A continuous part of this clip as a view of the same length: PCM3++'s asymmetric clip (section 3.2, 2).
  ///
  /// - Parameters:
  ///   - share: the range of lengths, as shares of T.
  ///   - layout: where the part goes.
  ///   - random: draws length and place.
  func window(
    share: ClosedRange<Float>, layout: ClipLayout, _ random: inout KeyedRandom
  ) -> SkeletonClip {
    let drawn = random.uniform(share.lowerBound, share.upperBound) * Float(frameCount)
    let length = min(max(Int(drawn.rounded()), 1), frameCount)
    let start = random.integer(in: 0...(frameCount - length))
    if layout == .resize { return resampled(start: start, length: length, to: frameCount) }
    let target =
      switch layout {
      case .left: 0
      case .right: frameCount - length
      case .inplace, .resize: start
      }
    let width = SkeletonClip.width
    var result = [Float](repeating: 0, count: values.count)  // (T, V, C, M)
    for index in 0..<(length * width) { result[target * width + index] = values[start * width + index] }
    return SkeletonClip(values: result)
  }
}
