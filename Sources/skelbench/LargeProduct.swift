import Kernels
import Skeleton

/// The product that rates are compared with: (8192, 2048) x (2048, 3072).
struct LargeProduct {
  private let m = 8192
  private let n = 3072
  private let k = 2048
  private let a: Storage
  private let b: Storage

  init() {
    func draw(_ name: String, _ count: Int) -> Storage {
      var random = KeyedRandom(seed: 1, sample: name, view: "benchmark")
      return Storage((0..<count).map { _ in random.uniform(-1, 1) })
    }
    (a, b) = (draw("a", m * k), draw("b", n * k))
  }

  /// Two for each multiplication.
  var operations: Double { 2 * Double(m * n * k) }

  /// GFLOP/s of the library with threads of its own.
  func rate(threads: Int) -> Double {
    let seconds = Stopwatch.seconds {
      _ = Kernels.libraryProduct(a, b, m: m, n: n, k: k, threads: threads)
    }
    return 1e-9 * operations / seconds
  }
}
