import Kernels
import NN
import TensorCore
import Testing

/// The number of threads is the program's, so these tests run one after the other.
@Suite(.serialized) struct NearestPointTests {
  /// All differences in double precision, sorted.
  private func reference(_ x: Tensor, _ count: Int) -> [Int] {
    let (clouds, points, width) = (x.shape[0], x.shape[1], x.shape[2])
    let values = x.values.map(Double.init)
    return (0..<clouds * points).flatMap { row -> [Int] in
      let first = row / points * points
      let distances = (first..<first + points).map { other in
        (0..<width).reduce(0.0) {
          let difference = values[row * width + $1] - values[other * width + $1]
          return $0 + difference * difference
        }
      }
      let order = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
      return order.prefix(count).map { first + $0 }.sorted()
    }
  }

  @Test(arguments: [(1, 1, 3, 1), (2, 40, 3, 6), (3, 25, 16, 25), (2, 90, 32, 20)])
  func nearest(clouds: Int, points: Int, width: Int, count: Int) {
    let x = sample("points", [clouds, points, width])
    #expect(x.nearestPoints(count) == reference(x, count))
    // Far from zero, where squares alone would hold few digits of a difference.
    let far = x + Tensor(scalar: 1000)
    #expect(far.nearestPoints(count) == reference(far, count))
  }

  @Test func equalPointsCountInOrder() {
    // Two places, each with three points.
    let x = Tensor([0, 1, 0, 1, 0, 1], shape: [1, 6, 1])
    #expect(x.nearestPoints(2) == [0, 2, 1, 3, 0, 2, 1, 3, 0, 2, 1, 3])
  }

  @Test func neighboursDoNotDependOnThreads() {
    // So many that the rows of a cloud are shared.
    let x = sample("points", [1, 300, 8])
    let before = Kernels.threadCount
    defer { Kernels.setThreadCount(before) }
    Kernels.setThreadCount(1)
    let one = x.nearestPoints(20)
    for threads in [2, 4] {
      Kernels.setThreadCount(threads)
      #expect(x.nearestPoints(20) == one, "\(threads) threads")
    }
  }
}
