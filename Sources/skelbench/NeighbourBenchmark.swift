import ArgumentParser
import Foundation
import Kernels
import Encoders
import Reporting
import Skeleton
import TensorCore

/// The search for nearest neighbours against plain matrix products.
struct NeighbourBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "knn",
    abstract: "Time the search for nearest neighbours against OpenBLAS's sgemm.",
    discussion: """
      Random features are searched for the nearest ones of a gallery of random features, by the angle, as retrieval \
      does it. The sgemm is (8192, 2048) x (2048, 3072) with OpenBLAS's own threads. Both alternate; the table has \
      medians. The sizes that are the default are those of NTU RGB+D 120, rounded.

        skelbench knn --rounds 1
      """)

  @Option(help: "Samples that are asked about.")
  var queries = 50_000

  @Option(help: "Samples in the gallery.")
  var gallery = 16_000

  @Option(help: "Numbers of a feature.")
  var width = 2048

  @Option(help: "How many neighbours are looked for.")
  var neighbours = 1

  @Option(help: "Threads for both.")
  var threads = Kernels.threadCount

  @Option(help: "How often each is measured.")
  var rounds = 3

  func validate() throws {
    guard queries >= 1, width >= 1, threads >= 1, rounds >= 1, (1...gallery).contains(neighbours) else {
      throw ValidationError("all of them start at 1, and --neighbours ends at --gallery")
    }
  }

  func run() throws {
    let library = try OpenBLAS.start()
    Kernels.setThreadCount(threads)
    let classCount = 120
    let asked = features("queries", queries)
    let shown = features("gallery", gallery)
    let labels = (0..<gallery).map { $0 * 7 % classCount }
    let held = Double((queries + gallery) * width * MemoryLayout<Float>.size) / 1_048_576
    let product = LargeProduct()
    var rates: [Double] = []
    var seconds: [Double] = []
    for _ in 0..<rounds {
      rates.append(1e-9 * product.operations / product.seconds(threads: threads).clock)
      let time = Stopwatch.seconds {
        _ = NearestNeighbours(
          of: asked, in: shown, labels: labels, classCount: classCount, count: neighbours)
      }
      seconds.append(time.clock)
    }
    let search = median(seconds)
    // Two for each multiplication of the products that a search by brute force consists of.
    let rate = 2e-9 * Double(queries) * Double(gallery) * Double(width) / search
    print("OpenBLAS for \(library.core), \(threads) threads, medians of \(rounds)")
    print(
      TextTable(
        header: [
          "search", "seconds", "GFLOP/s", "sgemm GFLOP/s", "ratio", "features MiB", "most MiB of the program",
        ],
        rows: [
          [
            "\(queries) x \(gallery) x \(width), \(neighbours) neighbours", String(format: "%.1f", search),
            String(format: "%.1f", rate), String(format: "%.1f", median(rates)),
            String(format: "%.2f", rate / median(rates)), String(format: "%.0f", held),
            String(format: "%.0f", Stopwatch.peakMegabytes),
          ]
        ]))
  }

  /// Rows of length 1, (count, width).
  private func features(_ name: String, _ count: Int) -> Tensor {
    var random = KeyedRandom(seed: 1, sample: name, view: "benchmark")
    return Tensor((0..<(count * width)).map { _ in random.uniform(-1, 1) }, shape: [count, width])
      .normalizedRows()
  }
}
