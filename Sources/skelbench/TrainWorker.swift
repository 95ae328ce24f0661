import ArgumentParser
import Batches
import Foundation
import Kernels
import Encoders
import Methods
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
    let (method, build) = try size.model(mode)
    let parameters = build.store.parameters
    let views = build.views
    let batch = views.batch(of: size.draw(0))
    var optimizer: any Optimizer = SGD(learningRate: StepSize.rate)
    // Batches are made beside the steps as in a run, though every step takes the first one.
    let samples = size.draw(0)
    let batches = Prefetcher(count: .max) { index in
      views.batch(
        of: BatchDraw(seed: 1, epoch: 0, index: index, names: samples.names, clips: samples.clips))
    }
    defer { batches.cancel() }
    try say(["threads": size.threads])
    while let line = readLine() {
      if line == "parts" {
        try say(StepParts(size, mode, batch, method.views).seconds)
        continue
      }
      let allocated = Kernels.allocatedBytes
      var watch = Stopwatch()
      _ = try batches.next()
      let wait = watch.lap()
      var step = Step(seed: 1)
      method.step(batch, &step)
      let updates = Stopwatch.seconds {
        optimizer.step(parameters: parameters, gradients: step.gradients, rate: StepSize.rate, scale: 1)
      }
      try say(
        StepReport(
          seconds: wait + watch.lap(), processor: watch.processor, loss: step.loss, terms: step.terms,
          updates: updates, wait: wait, allocated: Kernels.allocatedBytes - allocated,
          faults: watch.pageFaults))
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
  /// How long the optimizer took.
  var updates: Seconds?
  /// Seconds that the step waited for a batch.
  var wait: Double?
  /// Bytes that tensors asked of the system.
  var allocated: Int?
  /// Pages that the system had to find, for whatever the program did.
  var faults: Int?

  /// Both kinds of seconds.
  var time: Seconds { Seconds(clock: seconds, processor: processor) }
}
