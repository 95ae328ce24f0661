import Skeleton

extension SkeletonClip {
  /// For each joint the one of the other side, or itself.
  private static let otherSides = [
    0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 16, 17, 18, 19, 12, 13, 14, 15, 20, 23, 24, 21, 22,
  ]

  /// Left joints in the place of right ones and the other way round; coordinates stay.
  public func exchangingSides() -> SkeletonClip {
    var result = self
    for frame in stride(from: 0, to: values.count, by: SkeletonClip.width) {
      for (joint, other) in SkeletonClip.otherSides.enumerated() {
        for offset in 0..<6 { result.values[frame + joint * 6 + offset] = values[frame + other * 6 + offset] }
      }
    }
    return result
  }

  /// The last frame first.
  public func reversed() -> SkeletonClip {
    let width = SkeletonClip.width
    var result: [Float] = []  // (T, V, C, M)
    result.reserveCapacity(values.count)
    for frame in (0..<frameCount).reversed() {
      result.append(contentsOf: values[(frame * width)..<((frame + 1) * width)])
    }
    return SkeletonClip(values: result)
  }
}

extension Augmentation {
  /// Left and right exchanged, see ``SkeletonClip/exchangingSides()``.
  public static let exchangeSides = Augmentation { clip, _ in clip.exchangingSides() }

  /// The last frame first.
  public static let reverse = Augmentation { clip, _ in clip.reversed() }
}
