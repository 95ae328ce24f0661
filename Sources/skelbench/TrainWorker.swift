import ArgumentParser
import Batches
import Foundation
import Kernels
import Models
import NN

/// This package's side of `skelbench train`: a program of its own, so that its memory can be compared with another's.
struct TrainWorker: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train-worker", abstract: "Make a training step for every line of standard input.",
    shouldDisplay: false)

  @OptionGroup var size: StepSize

  @Option(help: "Which way the second direction runs.")
  var mode = GRUMode.stepwise

  func run() throws {
    _ = try OpenBLAS.start()
    Kernels.setThreadCount(size.threads)
    let model = PCM3PlusPlus(size.settings(mode), seed: 1)
    let parameters = model.store.parameters
    let batch = size.views.batch(of: size.clips, names: size.names, seed: 1, epoch: 0, index: 0)
    var queue = size.keys
    var optimizer: any Optimizer = SGD(learningRate: StepSize.rate)
    // Batches are made beside the steps as in a run, though every step takes the first one.
    let (views, clips, names) = (size.views, size.clips, size.names)
    let batches = Prefetcher(count: .max) { index in
      views.batch(of: clips, names: names, seed: 1, epoch: 0, index: index)
    }
    defer { batches.cancel() }
    try say(["threads": size.threads])
    while let line = readLine() {
      if line == "parts" {
        try say(StepParts(size, mode, batch, queue).seconds)
        continue
      }
      let allocated = Kernels.allocatedBytes
      var watch = Stopwatch()
      _ = try batches.next()
      let wait = watch.lap()
      model.updateKeyBranch()
      let following = watch.lap()
      let step = model.step(batch, queue: queue)
      let learning = watch.lap()
      optimizer.step(parameters: parameters, gradients: step.gradients, rate: StepSize.rate, scale: 1)
      queue.enqueue(step.keys)
      let moving = watch.lap()
      try say(
        StepReport(
          seconds: wait + following + learning + moving, processor: watch.processor, loss: step.loss,
          terms: step.terms, updates: following + moving, wait: wait,
          allocated: Kernels.allocatedBytes - allocated, faults: watch.pageFaults))
    }
  }

  private func say(_ value: some Encodable) throws {
    print(String(decoding: try JSONEncoder().encode(value), as: UTF8.self))
    // A pipe holds lines back until its buffer is full.
    fflush(nil)
  }
}

extension GRUMode: ExpressibleByArgument {}

/// What a worker says about a step.
struct StepReport: Codable {
  /// Seconds of the clock.
  var seconds: Double
  /// Seconds of processors, of the program and of the system for it.
  var processor: Double
  /// The loss before the step.
  var loss: Float
  /// The losses that it is the sum of, before their weights.
  var terms: [String: Float]
  /// Seconds of the optimizer, the key branch and the queue.
  var updates: Double?
  /// Seconds that the step waited for a batch.
  var wait: Double?
  /// Bytes that tensors asked of the system.
  var allocated: Int?
  /// Pages that the system had to find, for whatever the program did.
  var faults: Int?
}
