import Kernels

extension Tensor {
  /// Of each point of each cloud (B, P, C) the `count` points of the same cloud that are nearest to it by the squared
  /// difference, among them itself, as rows of (B · P, C): (B, P, count), in rising order. Of equals the first are taken.
  ///
  /// A constant: nothing is learned of who the neighbours are.
  public func nearestPoints(_ count: Int) -> [Int] {
    precondition(
      shape.count == 3 && count >= 1 && count <= shape[1],
      "the nearest \(count) points of shape \(shape), not (B, P, C)")
    let (clouds, points, width) = (shape[0], shape[1], shape[2])
    let all = detached()
    return (0..<clouds).flatMap { cloud in
      let own = all.sliced(axis: 0, cloud..<cloud + 1).reshaped([points, width])
      // |x - y|² = |x|² + |y|² - 2 x·y, of which |x|² is the same for all of a row. Taken from the cloud's middle, so that
      // one far from zero loses no digits.
      let moved = own - own.mean(axes: [0])
      let nearness = moved.matmul(moved, transposed: true) * 2 - moved.rowDot(moved)  // (P, P)
      return nearness.largestColumns(count).map { cloud * points + $0 }
    }
  }
}
