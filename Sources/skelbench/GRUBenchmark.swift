import ArgumentParser
import Foundation
import Kernels
import NN
import Skeleton
import TensorCore

/// One training pass of the encoder's GRU against plain matrix products.
struct GRUBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gru",
    abstract: "Time a GRU's training pass against OpenBLAS's sgemm.",
    discussion: """
      A pass is forward and backward, from a gradient at all outputs to those of the input and of all weights.
      The sgemm is (8192, 2048) x (2048, 3072) with OpenBLAS's own threads. Both alternate; the table has
      medians.
      """)

  @Option(help: "Threads for both.")
  var threads = Kernels.threadCount

  @Option(help: "How often each is measured.")
  var rounds = 5

  @Flag(help: "Leave the pass with hidden size 1024 out, which takes minutes.")
  var small = false

  func validate() throws {
    guard threads >= 1 && rounds >= 1 else { throw ValidationError("--threads and --rounds start at 1") }
  }

  func run() throws {
    let library = try OpenBLAS.start()
    Kernels.setThreadCount(threads)
    print("OpenBLAS for \(library.core), \(threads) threads, medians of \(rounds)")
    print("pass                        sgemm GFLOP/s   pass GFLOP/s   ratio   ms a pass   new MiB a pass")
    let passes = [
      GRUPass(sequences: 32, steps: 64, hidden: 64), GRUPass(sequences: 64, steps: 64, hidden: 256),
      GRUPass(sequences: 128, steps: 64, hidden: 1024),
    ]
    for pass in passes where !(small && pass.hidden == 1024) {
      let result = pass.measure(rounds: rounds, threads: threads)
      print(
        pass.name.padding(toLength: 28, withPad: " ", startingAt: 0)
          + String(
            format: "%13.1f  %13.1f  %6.2f  %10.1f  %15.1f", result.library, result.pass,
            result.pass / result.library, result.seconds * 1000, result.allocated))
    }
  }
}

/// A three-layer, stepwise GRU over 150 inputs a frame, in training.
private struct GRUPass {
  let sequences: Int
  let steps: Int
  let hidden: Int
  let inputs = 150
  let layers = 3

  var name: String { "N \(sequences), T \(steps), hidden \(hidden)" }

  /// Operations of the products that a pass cannot do without: two a multiplication, and as many again for
  /// each of the two gradients of every product. The first step has no recurrent product, its state being
  /// zero.
  var operations: Double {
    let input = (0..<layers).map { layer in steps * (layer == 0 ? inputs : 2 * hidden) }.reduce(0, +)
    let recurrent = layers * (steps - 1) * hidden
    return 3 * 2 * Double(2 * sequences * 3 * hidden) * Double(input + recurrent)
  }

  /// Medians of `rounds` measurements after one that is not counted: GFLOP/s of the library's product and of
  /// the pass, the pass's time, and the MiB that a pass asked of the system.
  func measure(
    rounds: Int, threads: Int
  ) -> (library: Double, pass: Double, seconds: Double, allocated: Double) {
    let store = ParameterStore(seed: 1)
    let gru = GRU(store.root, input: inputs, hidden: hidden, layers: layers, mode: .stepwise)
    let x = draw("input", [sequences, steps, inputs]).asVariable()
    let seed = draw("seed", [sequences, steps, 2 * hidden])
    let product = LargeProduct()

    var library: [Double] = []
    var pass: [Double] = []
    var allocated: [Double] = []
    for round in 0...rounds {
      let rate = product.rate(threads: threads)
      // Small passes are repeated to about the product's length.
      let repeats = max(1, Int(product.operations / operations))
      let before = Kernels.allocatedBytes
      let training = Stopwatch.seconds {
        for _ in 0..<repeats { _ = gradients(of: gru(x), seed: seed) }
      }
      if round == 0 { continue }
      library.append(rate)
      pass.append(training / Double(repeats))
      allocated.append(Double(Kernels.allocatedBytes - before) / Double(repeats << 20))
    }
    let time = median(pass)
    return (median(library), operations / time * 1e-9, time, median(allocated))
  }
}

private func draw(_ name: String, _ shape: [Int]) -> Tensor {
  var random = KeyedRandom(seed: 1, sample: name, view: "benchmark")
  return Tensor((0..<shape.reduce(1, *)).map { _ in random.uniform(-1, 1) }, shape: shape)
}
