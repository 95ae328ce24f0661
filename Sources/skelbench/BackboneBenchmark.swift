import ArgumentParser
import Foundation
import Kernels
import Reporting
import Skeleton

/// A supervised training step of backbones against PyTorch's.
struct BackboneBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backbones",
    abstract: "Time a training step of ST-GCN, CTR-GCN and MAMP's transformer against PyTorch's.",
    discussion: """
      Each side is a program of its own that makes whole steps: forward, cross-entropy, backward, SGD with momentum. They start \
      from the same weights and batch, and take turns; the first step of each is not counted. Where losses differ by more than \
      a thousandth, the benchmark fails. Sizes are those of ST-GCN-16 (T 50, batch 128), CTR-GCN (T 64, batch 16) and a \
      transformer of 8 layers and 256 channels that sees all 750 tokens of a body (T 120, batch 16); all with two bodies.

      The rate is that of the encoder's products, two operations for each multiplication and three products for each one \
      forward, as a share of sgemm's, (8192, 2048) x (2048, 3072).

        skelbench backbones --python Tests/Peers/backbones_torch.py --rounds 5
      """)

  @Option(help: "Only this one: stgcn, ctrgcn or vit. May be repeated.")
  var backbone: [Backbone] = []

  @Option(help: "Threads of each program.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "How many steps of each are counted.")
  var rounds = 3

  @Option(help: "The PyTorch script; without it only this package is measured.")
  var python: String?

  func validate() throws {
    guard rounds >= 1, threads >= 1 else { throw ValidationError("--rounds and --threads start at 1") }
  }

  func run() throws {
    let library = try OpenBLAS.start()
    let product = LargeProduct()
    let sgemm = median((0..<3).map { _ in product.seconds(threads: threads) })
    let best = product.operations / sgemm.processor
    var rows: [[String]] = []
    for backbone in backbone.isEmpty ? Backbone.allCases : backbone {
      rows += try measured(backbone, best: best)
    }
    print(
      "\(library.core), \(threads) threads, medians of \(rounds); sgemm "
        + String(format: "%.0f GFLOP/s by seconds of processor\n", 1e-9 * best))
    print(
      TextTable(
        header: [
          "a step of", "seconds", "ratio", "processor s", "ratio", "/ sgemm", "peak MiB", "losses differ by",
        ], rows: rows))
  }

  /// A row for this package and one for PyTorch.
  private func measured(_ backbone: Backbone, best: Double) throws -> [[String]] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "skelbench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let own = try Worker([program, "backbone-worker", backbone.rawValue, "--threads", "\(threads)"])
    defer { own.end() }
    var peer: Worker?
    if let python {
      try backbone.write(to: folder)
      peer = try Worker(["python3", python, folder.path, backbone.rawValue, "--threads", "\(threads)"])
    }
    defer { peer?.end() }
    var (ours, theirs): ([Seconds], [Seconds]) = ([], [])
    var difference: Float = 0
    for round in 0...rounds {
      let step: StepReport = try own.ask("step")
      if round > 0 { ours.append(step.time) }
      guard let peer else { continue }
      let other: StepReport = try peer.ask("step")
      if round > 0 { theirs.append(other.time) }
      let distance = abs(step.loss - other.loss) / max(abs(other.loss), 1e-3)
      guard distance < 1e-3 else {
        throw ValidationError(
          "\(backbone), step \(round): the loss is \(step.loss) here and \(other.loss) in PyTorch")
      }
      difference = max(difference, distance)
    }
    let operations = Double(6 * backbone.batch * backbone.multiplyAdds)
    let time = median(ours)
    func row(_ name: String, _ seconds: Seconds, _ worker: Worker, _ difference: String) -> [String] {
      [
        "\(backbone), \(name)", String(format: "%.3f", seconds.clock),
        String(format: "%.2f", seconds.clock / time.clock), String(format: "%.3f", seconds.processor),
        String(format: "%.2f", seconds.processor / time.processor),
        String(format: "%.2f", operations / seconds.processor / best),
        String(format: "%.0f", worker.peakMebibytes), difference,
      ]
    }
    guard let peer else { return [row("skeleton", time, own, "")] }
    return [
      row("skeleton", time, own, ""),
      row("PyTorch", median(theirs), peer, String(format: "%.1e", difference)),
    ]
  }
}
