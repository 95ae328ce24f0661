extension SkeletonClip {
  /// The frames `start ..< start + length`, linearly resampled to `count` frames.
  ///
  /// Output frame i stands at (i + ½) · length / count − ½ of the crop, not before its first and not after its last
  /// frame (half-pixel centres, as PyTorch's `interpolate(align_corners=False)`).
  ///
  /// - Returns: (`count`, V, C, M).
  public func resampled(start: Int, length: Int, to count: Int) -> SkeletonClip {
    precondition(
      start >= 0 && length >= 1 && start + length <= frameCount,
      "frames \(start) ..< \(start + length) of \(frameCount)")
    let width = SkeletonClip.width
    var result = [Float](repeating: 0, count: count * width)  // (count, V, C, M)
    let scale = Float(length) / Float(count)
    for index in 0..<count {
      let position = max((Float(index) + 0.5) * scale - 0.5, 0)
      let lower = min(Int(position), length - 1)
      let upper = min(lower + 1, length - 1)
      let share = position - Float(lower)
      let (from, to, target) = ((start + lower) * width, (start + upper) * width, index * width)
      for offset in 0..<width {
        result[target + offset] = values[from + offset] * (1 - share) + values[to + offset] * share
      }
    }
    return SkeletonClip(values: result)
  }

  /// The crop that evaluations use: `share` of the frames around the middle, resampled to `count` frames.
  ///
  /// The crop starts at int((1 − share) · T / 2) and ends as far from the end, as the published feeders do.
  public func centreCrop(share: Float = 0.95, to count: Int) -> SkeletonClip {
    let start = Int((1 - Double(share)) * Double(frameCount) / 2)
    return resampled(start: start, length: frameCount - 2 * start, to: count)
  }

  /// The first `length` frames brought to `count` frames by taking frame ⌊i · length / count⌋.
  public func nearest(length: Int, to count: Int) -> SkeletonClip {
    let width = SkeletonClip.width
    var result: [Float] = []  // (count, V, C, M)
    result.reserveCapacity(count * width)
    for index in 0..<count {
      let frame = index * length / count
      result.append(contentsOf: values[(frame * width)..<((frame + 1) * width)])
    }
    return SkeletonClip(values: result)
  }
}
