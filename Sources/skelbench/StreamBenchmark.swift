import ArgumentParser
import Batches
import Foundation
import Kernels
import NN
import Recipes
import Reporting
import Shards
import Skeleton
import Training

/// Training on samples that do not fit into the loader's memory against training on the same ones when they do.
struct StreamBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract: "Time training on a data set ten times larger than the loader's memory.",
    discussion: """
      Writes a data set of synthetic motion, and pre-trains on it with room for all of it and with room for a part, \
      in turns. The first epoch of each run reads the shards in both; the table is about those after it.

        skelbench stream --hidden 256 --batch 64 --epochs 2
      """)

  @OptionGroup var size: StepSize

  @Option(help: "MiB of decoded training samples.")
  var data = 160

  @Option(help: "How many times they are larger than the loader's memory.")
  var times = 10

  @Option(help: "Epochs that are counted.")
  var epochs = 2

  @Option(help: "How often each is measured.")
  var rounds = 1

  func validate() throws {
    guard times >= 1, data >= 4 * times, epochs >= 1, rounds >= 1 else {
      throw ValidationError("--times, --epochs and --rounds start at 1, --data at four times --times")
    }
  }

  func run() throws {
    _ = try OpenBLAS.start()
    Kernels.setThreadCount(size.threads)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "skelbench-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    // A shard is a fifth of the smaller memory, so that two windows of two shards fit, and the one that is read.
    let frames = 100
    let bytes = frames * SkeletonClip.width * MemoryLayout<Float>.size
    let set = folder.appendingPathComponent("data")
    try SyntheticMotion.write(to: set, samples: (data << 20) / bytes, frames: frames, shards: 5 * times)

    let memories = [data + 1, data / times]
    var runs = [[Measured]](repeating: [], count: memories.count)
    for round in 0..<rounds {
      for (index, memory) in memories.enumerated() {
        runs[index].append(
          try measure(set, memory: memory, run: folder.appendingPathComponent("run-\(round)-\(index)")))
      }
    }
    let base = median(runs[0].map(\.rate))
    let rows = zip(memories, runs).compactMap { memory, runs -> [String]? in
      guard let last = runs.last else { return nil }
      let rate = median(runs.map(\.rate))
      return [
        "\(memory)", String(format: "%.1f", rate), String(format: "%.2f", rate / base),
        String(format: "%.2f %%", 100 * median(runs.map(\.wait))), "\(last.decodes)",
        String(format: "%.1f", Double(last.peakBytes) / 1_048_576),
      ]
    }
    print(
      "\(data) MiB of samples in \(5 * times) shards, hidden \(size.hidden), batch \(size.batch), "
        + "\(size.threads) threads, \(epochs + 1) epochs")
    print(
      TextTable(
        header: [
          "memory MiB", "samples/s", "of the first", "waiting for data", "shards decoded", "most MiB kept",
        ], rows: rows))
  }

  /// What a run showed.
  private struct Measured {
    let rate: Double
    let wait: Double
    let decodes: Int
    let peakBytes: Int
  }

  private func measure(_ set: URL, memory: Int, run: URL) throws -> Measured {
    var recipe = PretrainRecipe()
    recipe.batch = size.batch
    recipe.input.frames = size.frames
    (recipe.encoder, recipe.method) = (Variant(size.encoder(.stepwise)), Variant(size.settings))
    recipe.epochs = epochs + 1
    recipe.rates.milestones = []
    recipe.checkpointMinutes = 0
    recipe.memory = memory
    let source = try SampleSource(DatasetFolder(set), split: "xview", part: .train, memory: memory << 20)
    let folder = RunFolder(run)
    var training = try Pretraining(
      recipe, source: source, split: "xview train", run: folder, resume: false, mode: .none)
    try training()
    let log = try LogTable(contentsOf: folder.csv)
    func sum(_ column: String) -> Double {
      (log.values(column) ?? []).dropFirst(training.stepsPerEpoch).compactMap(\.self).reduce(0, +)
    }
    let seconds = sum("seconds")
    return Measured(
      rate: Double(size.batch * epochs * training.stepsPerEpoch) / seconds, wait: sum("wait") / seconds,
      decodes: source.decodedShards, peakBytes: source.peakBytes)
  }
}
