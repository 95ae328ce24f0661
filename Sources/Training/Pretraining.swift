import Batches
import Foundation
import Models
import NN
import Recipes
import Reporting
import Shards
import Skeleton
import TensorCore

/// A pre-training run: batches in, a checkpoint after every epoch out.
///
/// This is the main path of training; the loop below reads batch, views, losses, step, log, checkpoint.
public struct Pretraining {
  private let recipe: PretrainRecipe
  private let source: SampleSource
  private let split: String
  private let run: RunFolder
  private let mode: ProgressMode
  private let model: PCM3PlusPlus
  private var optimizer: SGD
  private var queue: FeatureQueue
  private var progress: RunFolder.Progress

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - recipe: what to compute.
  ///   - source: the training samples.
  ///   - split: what they are called in the run's records: `xview train`.
  ///   - run: the folder that the run is written to.
  ///   - resume: go on from the folder's newest checkpoint, if there is one.
  ///   - mode: how progress is shown.
  /// - Throws: an `InputError` if there are fewer samples than a batch, or the folder holds another run.
  public init(
    _ recipe: PretrainRecipe, source: SampleSource, split: String, run: RunFolder, resume: Bool,
    mode: ProgressMode
  ) throws {
    guard source.entries.count >= recipe.batch else {
      throw InputError(
        "batch", found: "\(recipe.batch)",
        expected: "at most \(source.entries.count), the samples of \(split)",
        hint: "set batch in the recipe to a divisor of queue that is small enough")
    }
    self.recipe = recipe
    self.source = source
    self.split = split
    self.run = run
    self.mode = mode
    let seed = UInt64(recipe.seed)
    model = PCM3PlusPlus(recipe.model, seed: seed)
    optimizer = SGD(learningRate: recipe.rate, momentum: recipe.momentum, weightDecay: recipe.weightDecay)
    queue = FeatureQueue(count: recipe.model.queue, size: recipe.model.projection, seed: seed)
    progress = RunFolder.Progress(epochs: 0, steps: 0, data: source.digest, split: split)
    if resume {
      if let saved = try run.restore(
        model.store, optimizer: &optimizer, queue: &queue, recipe: recipe, data: source.digest, split: split)
      {
        progress = saved
      }
    } else if FileManager.default.fileExists(atPath: run.checkpoint.path) {
      throw InputError(
        run.url.path, found: "the folder already holds a run",
        hint: "continue it with --resume, or choose another --output")
    }
  }

  /// Steps in an epoch.
  public var stepsPerEpoch: Int { source.entries.count / recipe.batch }

  /// Epochs that an earlier run has finished.
  public var finishedEpochs: Int { progress.epochs }

  /// Runs the epochs that are left.
  ///
  /// - Throws: an `InputError` when a shard is damaged, the disk is full, or the loss is no longer finite; the newest
  ///   checkpoint is then that of the last whole epoch.
  public mutating func callAsFunction() throws {
    try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: true)
    try AtomicFile.write(Data(recipe.yaml.utf8), to: run.recipe)
    let log = try TrainingLog(run, columns: Self.columns, keeping: progress.steps)
    let line = ProgressLine(
      total: (recipe.totalEpochs - progress.epochs) * stepsPerEpoch, unit: "steps", mode: mode,
      label: "pretrain")
    for epoch in progress.epochs..<max(recipe.totalEpochs, progress.epochs) {
      try runEpoch(epoch, log, line)
      progress.epochs = epoch + 1
      try run.save(
        model.store, momentum: optimizer.momentumBuffers, queue: queue, recipe: recipe, progress: progress,
        keeps: recipe.keepEvery > 0 && (epoch + 1).isMultiple(of: recipe.keepEvery))
    }
    line.finish()
  }

  private mutating func runEpoch(_ epoch: Int, _ log: TrainingLog, _ line: ProgressLine) throws {
    let batches = Pretraining.batches(recipe, source, epoch: epoch)
    defer { batches.cancel() }
    var clock = Date()
    for index in 0..<stepsPerEpoch {
      guard let batch = try batches.next() else { break }
      let wait = Date().timeIntervalSince(clock)
      model.updateKeyBranch()
      let step = model.step(batch, queue: queue, contrast: !recipe.isDistillation(epoch))
      guard step.loss.isFinite else { throw divergence(step, epoch: epoch, index: index) }
      let rate = recipe.rate(epoch: epoch, step: index, steps: stepsPerEpoch)
      optimizer.step(parameters: model.store.parameters, gradients: step.gradients, rate: rate)
      queue.enqueue(step.keys)
      progress.steps += 1
      let seconds = Date().timeIntervalSince(clock)
      clock = Date()
      try log.add(row(step, epoch: epoch, rate: rate, seconds: seconds, wait: wait))
      line.advance(
        detail: String(
          format: "epoch %d/%d, loss %.3f, %.0f samples/s", epoch + 1, recipe.totalEpochs, step.loss,
          Double(recipe.batch) / seconds))
    }
  }

  /// The batches of an epoch, made on other threads.
  static func batches(
    _ recipe: PretrainRecipe, _ source: SampleSource, epoch: Int
  ) -> Prefetcher<ContrastiveBatch> {
    let seed = UInt64(recipe.seed)
    let (size, views) = (recipe.batch, recipe.views)
    let order = source.order(seed: seed, epoch: epoch)
    return Prefetcher(count: order.count / size, workers: recipe.workers) { index in
      let entries = order[(index * size)..<((index + 1) * size)]
      return views.batch(
        of: try entries.map(source.clip), names: entries.map(\.name), seed: seed, epoch: epoch, index: index)
    }
  }

  private func divergence(_ step: PCM3PlusPlus.Step, epoch: Int, index: Int) -> InputError {
    let terms =
      PCM3PlusPlus.View.allCases.flatMap { view in
        [
          step.contrast[view].map { "nce_\(view.rawValue) \($0)" },
          step.distillation[view].map { "kl_\(view.rawValue) \($0)" },
        ]
      }.compactMap(\.self) + ["mse \(step.prediction)"]
    let last =
      progress.epochs == 0
      ? "there is no checkpoint yet" : "\(run.checkpoint.path) is that of epoch \(progress.epochs)"
    return InputError(
      "epoch \(epoch + 1), batch \(index + 1)",
      found: "a loss that is not finite (\(terms.joined(separator: ", ")))",
      hint: "the step was not taken and \(last). Try a lower optimizer.rate or a longer optimizer.warmup")
  }

  /// The columns of the log.
  static let columns =
    ["step", "epoch", "loss"] + PCM3PlusPlus.View.allCases.map { "nce_\($0.rawValue)" }
    + PCM3PlusPlus.View.allCases.map { "kl_\($0.rawValue)" } + [
      "mse", "rate", "seconds", "wait", "samples_per_second",
    ]

  private func row(
    _ step: PCM3PlusPlus.Step, epoch: Int, rate: Float, seconds: Double, wait: Double
  ) -> [Double?] {
    let views = PCM3PlusPlus.View.allCases
    let head: [Double?] = [Double(progress.steps), Double(epoch + 1), Double(step.loss)]
    let losses =
      views.map { step.contrast[$0].map(Double.init) } + views.map { step.distillation[$0].map(Double.init) }
    let tail: [Double?] = [
      Double(step.prediction), Double(rate), seconds, wait, Double(recipe.batch) / seconds,
    ]
    return head + losses + tail
  }
}
