import Skeleton

/// Joints that are left out of a view, each the likelier the more bones it has.
///
/// Source: Zhou et al., "Self-supervised action representation learning from partial spatio-temporal skeleton sequences"
/// (AAAI 2023), 3.2, as the released code has it: draws from a pool in which a joint is as often as it has bones, where a
/// joint that is drawn twice counts once.
public enum DegreeJoints {
  /// Each joint as often as it has bones, in order.
  static let pool: [Int] = (0..<Kinect25.jointCount).flatMap { joint in
    let bones = Kinect25.parents.enumerated().count { child, parent in
      child != parent && (child == joint || parent == joint)
    }
    return [Int](repeating: joint, count: bones)
  }

  /// The joints that stay when these places of the pool are drawn, in order.
  static func kept(picks: [Int]) -> [Int] {
    let leftOut = Set(picks.map { pool[$0] })
    return (0..<Kinect25.jointCount).filter { !leftOut.contains($0) }
  }

  /// Draws `count` places of the pool, and tells the joints that stay.
  public static func kept(leavingOut count: Int, _ random: inout KeyedRandom) -> [Int] {
    kept(picks: random.choose(count, of: pool.count))
  }
}
