import Batches
import Skeleton

/// What can be said of how a body moves in a clip, without knowing what it does: the priors of MG-AL.
///
/// All are of the first body, or the mean over the bodies that are there; 0 where none is.
struct MotionStatistics {
  /// What is said.
  enum Kind: String, CaseIterable, Sendable {
    /// Of each joint its share of all variance over time, (V); all alike where nothing moves.
    case variance
    /// Of each pair of joints the correlation of their speeds over time, (V (V - 1) / 2); 0 where one does not change its own.
    case covariance
    /// Of each frame the cosine of the angle between adjacent bones, both seen from the root, (T, A): 1 where a limb is
    /// straight. Bones at the root are adjacent in their order. 0 where a bone has no length.
    case angle
    /// Of each frame how far joints are from their means over time, as a share of the largest, (T); 0 where nothing moves.
    case deviation

    /// Whether it is said of each frame.
    var isOfFrames: Bool { self == .angle || self == .deviation }
  }

  private let layout: SkeletonLayout
  private let usesAllBodies: Bool
  /// The bones, each from a joint to its parent, and which of them are adjacent.
  private let angles: [(bone: Int, other: Int)]

  /// Statistics of bodies of a layout.
  init(_ layout: SkeletonLayout, usesAllBodies: Bool) {
    (self.layout, self.usesAllBodies) = (layout, usesAllBodies)
    let parents = layout.parents
    let bones = parents.indices.filter { parents[$0] != $0 }
    let below = bones.filter { parents[parents[$0]] != parents[$0] }.map { (bone: $0, other: parents[$0]) }
    let atRoot = bones.filter { parents[parents[$0]] == parents[$0] }
    angles = below + zip(atRoot, atRoot.dropFirst()).map { (bone: $0, other: $1) }
  }

  /// Numbers of a kind: of a clip, or of each of its frames.
  func count(_ kind: Kind) -> Int {
    switch kind {
    case .variance: layout.jointCount
    case .covariance: layout.jointCount * (layout.jointCount - 1) / 2
    case .angle: angles.count
    case .deviation: 1
    }
  }

  /// What is said of a clip, (count) or (T, count).
  func callAsFunction(_ kind: Kind, _ clip: SkeletonClip) -> [Float] {
    let bodies = (0..<(usesAllBodies ? layout.bodies : 1)).map { body(clip, $0) }
    let present = bodies.filter { $0.joined().contains { $0 != .zero } }
    let each = present.map { body in
      switch kind {
      case .variance: variance(body)
      case .covariance: covariance(body)
      case .angle: angle(body)
      case .deviation: deviation(body)
      }
    }
    let width = count(kind) * (kind.isOfFrames ? clip.frameCount : 1)
    let sum = each.reduce([Float](repeating: 0, count: width)) { zip($0, $1).map(+) }
    return sum.map { $0 / Float(max(each.count, 1)) }
  }

  /// The joints of a body, (T, V).
  private func body(_ clip: SkeletonClip, _ body: Int) -> [[SIMD3<Float>]] {
    (0..<clip.frameCount).map { frame in
      (0..<layout.jointCount).map { joint in
        let at = frame * layout.width + joint * 6 + body
        return SIMD3(clip.values[at], clip.values[at + 2], clip.values[at + 4])
      }
    }
  }

  private func variance(_ x: [[SIMD3<Float>]]) -> [Float] {
    let means = means(x)
    let sums = means.indices.map { joint in
      x.reduce(Float(0)) { $0 + square($1[joint] - means[joint]) }
    }
    let total = sums.reduce(0, +)
    return sums.map { total > 0 ? $0 / total : 1 / Float(sums.count) }
  }

  private func covariance(_ x: [[SIMD3<Float>]]) -> [Float] {
    let speeds = (0..<layout.jointCount).map { joint -> [Float] in
      let speeds = zip(x, x.dropFirst()).map { square($1[joint] - $0[joint]).squareRoot() }
      let mean = speeds.reduce(0, +) / Float(max(speeds.count, 1))
      let centred = speeds.map { $0 - mean }
      let length = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
      // Below the last digits of the speeds themselves nothing has changed.
      return length > 1e-5 * mean * Float(speeds.count).squareRoot() ? centred.map { $0 / length } : []
    }
    return speeds.indices.flatMap { first in
      speeds[(first + 1)...].map { second in
        min(max(zip(speeds[first], second).reduce(0) { $0 + $1.0 * $1.1 }, -1), 1)
      }
    }
  }

  private func angle(_ x: [[SIMD3<Float>]]) -> [Float] {
    x.flatMap { joints in
      angles.map { pair in
        let a = joints[pair.bone] - joints[layout.parents[pair.bone]]
        let b = joints[pair.other] - joints[layout.parents[pair.other]]
        let length = (square(a) * square(b)).squareRoot()
        return length > 0 ? (a * b).sum() / length : 0
      }
    }
  }

  private func deviation(_ x: [[SIMD3<Float>]]) -> [Float] {
    let means = means(x)
    let ways = x.map { joints in
      zip(joints, means).reduce(Float(0)) { $0 + square($1.0 - $1.1).squareRoot() }
    }
    let largest = ways.max() ?? 0
    return ways.map { largest > 0 ? $0 / largest : 0 }
  }

  /// The mean of each joint over frames, (V); a joint that stands still has itself, to the bit.
  private func means(_ x: [[SIMD3<Float>]]) -> [SIMD3<Float>] {
    let first = x[0]
    return first.indices.map { joint in
      let moved = x.reduce(SIMD3<Float>.zero) { $0 + ($1[joint] - first[joint]) }
      return first[joint] + moved / Float(x.count)
    }
  }

  private func square(_ x: SIMD3<Float>) -> Float { (x * x).sum() }
}
