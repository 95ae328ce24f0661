import ArgumentParser
import Foundation
import Kernels
import NN
import Reporting
import Skeleton

/// A whole training step against PyTorch's, and where its time goes.
struct TrainBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Time a whole PCM3++ step against PyTorch's, part by part and against OpenBLAS's sgemm.",
    discussion: """
      Each side is a program of its own that makes whole steps of training: key branch, views, losses, gradients, \
      optimizer, queue. They start from the same weights, batch and queue, and take turns; the first step of each is \
      not counted. Where losses differ by more than a thousandth, the benchmark fails. On a machine that does other \
      things too, the seconds of processor say more than those of the clock.

      PyTorch is measured in two forms: fused is one call of nn.GRU for a sequence, truly bidirectional, which is its \
      best case; stepwise calls it frame by frame, as the published code does. Each is compared with the same \
      computation of this package, which makes its batches beside the steps meanwhile. The sgemm is (8192, 2048) x \
      (2048, 3072).

        skelbench train --python Tests/Peers/pcm3pp_torch.py --hidden 256 --batch 64 --rounds 5
      """)

  /// What PyTorch does, and what this package does for it.
  enum Form: String, CaseIterable, ExpressibleByArgument {
    case fused
    case stepwise

    var mode: GRUMode { self == .fused ? .bidirectional : .stepwise }
  }

  @OptionGroup var size: StepSize

  @Option(help: "How many steps of each are counted.")
  var rounds = 3

  @Option(help: "The PyTorch script; without it only this package is measured.")
  var python: String?

  @Option(help: "The form of PyTorch that is measured: fused or stepwise. Without it, both.")
  var form: Form?

  func validate() throws {
    guard rounds >= 1 else { throw ValidationError("--rounds starts at 1") }
  }

  func run() throws {
    let library = try OpenBLAS.start()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "skelbench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    if python != nil { try size.write(to: folder) }

    let forms = form.map { [$0] } ?? (python == nil ? [.stepwise] : Form.allCases)
    let pairs = try forms.map { try Pair($0, size, python: python, folder: folder) }
    defer { pairs.forEach { $0.end() } }
    let product = LargeProduct()
    var sgemm: [Seconds] = []
    for round in 0...rounds {
      let seconds = product.seconds(threads: size.threads)
      if round > 0 { sgemm.append(seconds) }
      for pair in pairs { try pair.step() }
    }
    let best = Rate(median(sgemm), operations: product.operations)
    print(
      "hidden \(size.hidden), batch \(size.batch), T \(size.frames), queue \(size.queue); \(library.core), "
        + "\(size.threads) threads, medians of \(rounds); sgemm "
        + String(format: "%.0f GFLOP/s, %.0f by seconds of processor\n", best.clock, best.processor))
    print(try pairs.map { try $0.table(size, sgemm: best) }.joined(separator: "\n\n"))
  }
}

/// GFLOP/s by the clock, and by seconds of processors.
private struct Rate {
  let clock: Double
  let processor: Double

  init(_ seconds: Seconds, operations: Double) {
    clock = 1e-9 * operations / seconds.clock
    processor = 1e-9 * operations / seconds.processor
  }

  /// The rate as a share of another.
  func share(of other: Rate) -> [String] {
    [clock / other.clock, processor / other.processor].map { String(format: "%.2f", $0) }
  }
}

/// This package and PyTorch at the same computation.
private final class Pair {
  private let form: TrainBenchmark.Form
  private let ours: Worker
  private let theirs: Worker?
  private var steps: [(ours: StepReport, theirs: StepReport?)] = []
  /// The largest relative difference of two losses.
  private var difference: Float = 0

  init(_ form: TrainBenchmark.Form, _ size: StepSize, python: String?, folder: URL) throws {
    self.form = form
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    ours = try Worker([program, "train-worker", "--mode", form.mode.rawValue] + size.words)
    theirs = try python.map {
      try Worker(["python3", $0, folder.path, form.rawValue, "--threads", "\(size.threads)"])
    }
  }

  func end() {
    ours.end()
    theirs?.end()
  }

  /// One step of both.
  func step() throws {
    let own: StepReport = try ours.ask("step")
    let other: StepReport? = try theirs?.ask("step")
    steps.append((own, other))
    guard let other else { return }
    for (name, value) in own.terms.merging(["loss": own.loss], uniquingKeysWith: { $1 }) {
      let expected = name == "loss" ? other.loss : other.terms[name] ?? .nan
      let distance = abs(value - expected) / max(abs(expected), 1e-3)
      guard distance < 1e-3 else {
        throw ValidationError("step \(steps.count): \(name) is \(value) here and \(expected) in PyTorch")
      }
      difference = max(difference, distance)
    }
  }

  /// What was measured; the first step does not count.
  func table(_ size: StepSize, sgemm: Rate) throws -> String {
    let counted = steps.dropFirst()
    let seconds = median(counted.map(\.ours.time))
    func row(_ name: String, _ time: Seconds, _ worker: Worker) -> [String] {
      let rate = Rate(time, operations: size.operations)
      let share = rate.share(of: sgemm)
      return [
        name, String(format: "%.3f", time.clock), String(format: "%.1f", Double(size.batch) / time.clock),
        String(format: "%.0f", rate.clock), share[0], String(format: "%.2f", time.clock / seconds.clock),
        String(format: "%.3f", time.processor), share[1],
        String(format: "%.2f", time.processor / seconds.processor),
        String(format: "%.0f", worker.peakMebibytes),
      ]
    }
    var rows = [row("skeleton, \(form.mode.rawValue)", seconds, ours)]
    if let theirs {
      rows.append(row("PyTorch, \(form.rawValue)", median(counted.compactMap(\.theirs?.time)), theirs))
    }
    let table = TextTable(
      header: [
        "a step of", "seconds", "samples/s", "GFLOP/s", "/ sgemm", "ratio", "processor s", "/ sgemm", "ratio",
        "peak MiB",
      ], rows: rows)
    let (asked, faults) = (counted.last?.ours.allocated ?? 0, counted.last?.ours.faults ?? 0)
    var lines = ["\(table)", ""]
    if theirs != nil {
      lines.append(String(format: "losses agree within %.1e in all %d steps", difference, steps.count))
    }
    lines.append(
      String(
        format: "the last step of skeleton asked the system for %.1f MiB, and met %d new pages (%.1f MiB)",
        Double(asked) / 1_048_576, faults, Double(faults) / 256))
    return (lines + ["", try parts(size, whole: seconds, sgemm: sgemm)]).joined(separator: "\n")
  }

  /// Where this package's step spends its time.
  private func parts(_ size: StepSize, whole: Seconds, sgemm: Rate) throws -> String {
    let parts: [String: Seconds] = try ours.ask("parts")
    let operations: [StepParts.Part: Double] = [
      .forward: 6 * Double(size.forward), .backward: 10 * Double(size.forward),
    ]
    func row(_ name: String, _ time: Seconds, _ operations: Double? = nil) -> [String] {
      let share = operations.map { Rate(time, operations: $0).share(of: sgemm) } ?? ["", ""]
      func cells(_ seconds: Double, of whole: Double) -> [String] {
        [String(format: "%.3f", seconds), String(format: "%.1f %%", 100 * seconds / whole)]
      }
      return [name] + cells(time.clock, of: whole.clock) + [share[0]]
        + cells(time.processor, of: whole.processor) + [share[1]]
    }
    var rows = StepParts.Part.allCases.map { part in
      row(part.rawValue, parts[part.rawValue] ?? Seconds(), operations[part])
    }
    rows.append(
      row("optimizer, key branch, queue's new keys", median(steps.dropFirst().compactMap(\.ours.updates))))
    let wait = median(steps.dropFirst().compactMap(\.ours.wait))
    rows.append(
      ["waiting for data", String(format: "%.3f", wait), String(format: "%.1f %%", 100 * wait / whole.clock)]
        + ["", "", "", ""])
    return
      "\(TextTable(header: ["part, made alone", "seconds", "of a step", "/ sgemm", "processor s", "of a step", "/ sgemm"], rows: rows))"
  }
}
