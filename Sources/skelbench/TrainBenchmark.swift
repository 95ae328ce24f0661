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
    var sgemm: [Double] = []
    for round in 0...rounds {
      let rate = product.rate(threads: size.threads)
      if round > 0 { sgemm.append(rate) }
      for pair in pairs { try pair.step() }
    }
    let peak = median(sgemm)
    print(
      "hidden \(size.hidden), batch \(size.batch), T \(size.frames), queue \(size.queue); \(library.core), "
        + "\(size.threads) threads, medians of \(rounds); sgemm "
        + String(format: "%.0f GFLOP/s\n", peak))
    print(try pairs.map { try $0.table(size, sgemm: peak) }.joined(separator: "\n\n"))
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
  func table(_ size: StepSize, sgemm: Double) throws -> String {
    let counted = steps.dropFirst()
    let (seconds, processor) = (median(counted.map(\.ours.seconds)), median(counted.map(\.ours.processor)))
    let memory = ours.peakMebibytes
    func row(_ name: String, _ seconds: Double, _ processor: Double, _ memory: Double, ratio: [Double])
      -> [String]
    {
      let rate = size.operations / seconds * 1e-9
      return [
        name, String(format: "%.3f", seconds), String(format: "%.3f", processor),
        String(format: "%.1f", Double(size.batch) / seconds), String(format: "%.0f", rate),
        String(format: "%.2f", rate / sgemm), String(format: "%.0f", memory),
      ] + ratio.map { String(format: "%.2f", $0) }
    }
    var rows = [row("skeleton, \(form.mode.rawValue)", seconds, processor, memory, ratio: [1, 1])]
    let others = counted.compactMap(\.theirs)
    if let theirs {
      let (wall, cores) = (median(others.map(\.seconds)), median(others.map(\.processor)))
      rows.append(
        row(
          "PyTorch, \(form.rawValue)", wall, cores, theirs.peakMebibytes,
          ratio: [wall / seconds, cores / processor]))
    }
    let table = TextTable(
      header: [
        "a step of", "seconds", "processor s", "samples/s", "GFLOP/s", "/ sgemm", "peak MiB", "ratio",
        "by processor",
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
  private func parts(_ size: StepSize, whole: Double, sgemm: Double) throws -> String {
    let parts: [String: Double] = try ours.ask("parts")
    let counted = steps.dropFirst().map(\.ours)
    let rates: [StepParts.Part: Double] = [
      .forward: 6 * Double(size.forward), .backward: 10 * Double(size.forward),
    ]
    func row(_ name: String, _ seconds: Double, operations: Double? = nil) -> [String] {
      let rate = operations.map { $0 / seconds * 1e-9 }
      return [
        name, String(format: "%.3f", seconds), String(format: "%.1f %%", 100 * seconds / whole),
        rate.map { String(format: "%.0f", $0) } ?? "", rate.map { String(format: "%.2f", $0 / sgemm) } ?? "",
      ]
    }
    var rows = StepParts.Part.allCases.map { part in
      row(part.rawValue, parts[part.rawValue] ?? .nan, operations: rates[part])
    }
    let updates = median(counted.map { $0.updates ?? .nan })
    let wait = median(counted.map { $0.wait ?? .nan })
    rows.append(row("optimizer, key branch, queue's new keys", updates))
    rows.append(row("waiting for data", wait))
    rows.append(row("the rest", whole - updates - wait - parts.values.reduce(0, +)))
    return
      "\(TextTable(header: ["part, made alone", "seconds", "of a step", "GFLOP/s", "/ sgemm"], rows: rows))"
  }
}
