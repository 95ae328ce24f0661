import Skeleton
import TensorCore

/// Clips of two views whose segments of time were put in one order, and of the second one in others as well.
public struct OrderedClips: Sendable {
  /// The first view, (N, T, 150).
  public let first: Clips
  /// The second view in the same order, (N, T, 150).
  public let second: Clips
  /// The second view in other orders, (N, T, 150) each.
  public let others: [Clips]
}

extension SkeletonClip {
  /// The clip cut into as many segments as there are numbers, put in their order; segment i is the frames from ⌊i T / n⌋ on.
  public func reordered(_ order: [Int]) -> SkeletonClip {
    let (count, n) = (frameCount, order.count)
    return frames(order.flatMap { Array(($0 * count / n)..<(($0 + 1) * count / n)) })
  }
}

extension ViewPlan {
  /// Adds two views whose segments are put in an order that is drawn once for the whole batch, and `others` different
  /// orders of the second one.
  public mutating func reordered(
    _ name: String, _ first: View<[SkeletonClip]>, _ second: View<[SkeletonClip]>, segments: Int, others: Int
  ) -> View<OrderedClips> {
    precondition((1...segments).reduce(1, *) > others, "\(others + 1) orders of \(segments) segments")
    return add { draw, made in
      var random = draw.random(name)
      var orders: [[Int]] = []
      while orders.count <= others {
        let order = random.shuffled(Array(0..<segments))
        if !orders.contains(order) { orders.append(order) }
      }
      func clips(_ view: View<[SkeletonClip]>, _ order: [Int]) -> Clips {
        Clips(SkeletonClip.stacked(made[view].map { $0.reordered(order) }))
      }
      return OrderedClips(
        first: clips(first, orders[0]), second: clips(second, orders[0]),
        others: orders.dropFirst().map { clips(second, $0) })
    }
  }
}
