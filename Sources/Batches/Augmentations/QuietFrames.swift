import Skeleton

extension SkeletonClip {
  /// How much each frame's successor differs from it: the mean squared difference over joints, coordinates and bodies,
  /// (T); 0 for the last frame.
  public var motionEnergy: [Float] {
    let width = SkeletonClip.width
    return (0..<frameCount).map { frame in
      guard frame + 1 < frameCount else { return 0 }
      let sum = (frame * width..<(frame + 1) * width).reduce(Float(0)) { sum, index in
        let difference = values[index + width] - values[index]
        return sum + difference * difference
      }
      return sum / Float(width)
    }
  }

  /// The frames that are left without the `count` that move most, in their order; of two that move alike the earlier one
  /// goes first.
  ///
  /// Source: Zhou et al., "Self-supervised action representation learning from partial spatio-temporal skeleton
  /// sequences" (AAAI 2023), 3.3, as the released code has it.
  public func quietFrames(dropping count: Int) -> [Int] {
    let energy = motionEnergy
    let byMotion = energy.indices.sorted { (energy[$0], $1) > (energy[$1], $0) }
    return byMotion.dropFirst(count).sorted()
  }

  /// Some of the frames.
  public func frames(_ frames: [Int]) -> SkeletonClip {
    let width = SkeletonClip.width
    return SkeletonClip(values: frames.flatMap { values[($0 * width)..<(($0 + 1) * width)] })
  }
}
