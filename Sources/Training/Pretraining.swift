import Batches
import Foundation
import Kernels
import Methods
import NN
import Recipes
import Reporting
import Shards
import Skeleton
import TensorCore

/// A pre-training run: batches in; a checkpoint after every epoch, every few minutes and at a stop out.
///
/// This is the main path of training; the loop below reads batch, views, losses, step, log, checkpoint.
public struct Pretraining {
  /// How a run ended.
  public enum Outcome: Sendable {
    /// All epochs are done.
    case finished
    /// It was asked to stop, and has saved where it is.
    case stopped
  }

  let recipe: PretrainRecipe
  let source: SampleSource
  var identity: Checkpoint.Identity
  let run: RunFolder
  private let probe: Probe?
  let mode: ProgressMode
  let stages: [PretrainRecipe.ResolvedStage]
  /// The names of all terms of all stages, in the order of the log's columns.
  let terms: [String]
  /// The names of all that is measured beside in any of the stages, in that order.
  let measures: [String]
  /// What is to be said of the recipe on these data before it runs.
  public let notes: [String]
  /// The number of the stage that the model is of.
  var stage = 0
  var model: LearningModel
  var optimizer: any Optimizer
  /// How far the run is.
  public internal(set) var progress: Checkpoint.Progress
  /// How far the run was in the checkpoint that was read or saved last.
  var saved: Checkpoint.Progress?
  var savedAt = ContinuousClock.now
  private var pace = Pace()
  /// The processor that the run was on before, if that is another one: the losses may then differ in their last bits.
  public private(set) var otherCore: String?

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - recipe: what to compute.
  ///   - source: the training samples.
  ///   - test: the test samples, if the recipe's probe asks about them.
  ///   - split: what they are called in the run's records: `xview train`.
  ///   - run: the folder that the run is written to.
  ///   - resume: go on from the folder's newest checkpoint, if there is one.
  ///   - checkpoint: go on from this one of the folder's checkpoints instead.
  ///   - start: a safetensors file whose weights the run starts from.
  ///   - mode: how progress is shown.
  /// - Throws: an `InputError` if there are fewer samples than a batch, the folder holds another run, the checkpoint is
  ///   damaged, or the weights to start from are of another model.
  public init(
    _ recipe: PretrainRecipe, source: SampleSource, test: SampleSource? = nil, split: String, run: RunFolder,
    resume: Bool, from checkpoint: String? = nil, start: URL? = nil, mode: ProgressMode
  ) throws {
    guard source.entries.count >= recipe.batch else {
      throw InputError(
        "batch", found: "\(recipe.batch)",
        expected: "at most \(source.entries.count), the samples of \(split)",
        hint: "set batch in the recipe to a divisor of queue that is small enough")
    }
    self.recipe = recipe
    self.source = source
    self.run = run
    self.mode = mode
    stages = try recipe.resolvedStages()
    (terms, measures) = try stages.columns()
    notes = recipe.notes(on: source.manifest)
    model = try LearningModel(stages[0].recipe, seed: UInt64(recipe.seed))
    optimizer = stages[0].recipe.optimizer.optimizer()
    progress = Checkpoint.Progress(stepsPerEpoch: source.entries.count / recipe.batch)
    probe = recipe.probe.every > 0 ? try Probe(recipe, source, test: test) : nil
    identity = Checkpoint.Identity(
      recipe: recipe, data: source.digest, split: split, core: try OpenBLAS.start().core)
    identity.origin = CheckpointOrigin(
      kind: source.kind, split: split, protocol: source.lists.protocolName,
      membership: source.lists.membership)
    if let start {
      try CheckpointFile.check(start)
      let weights = try Safetensors(contentsOf: start)
      try model.store.load(start: weights, file: start.path)
      identity.start = weights.digest
    }
    if resume || checkpoint != nil {
      if let (saved, core) = try run.restore(checkpoint, identity) {
        try restore(saved)
        otherCore = core
        identity.start = saved.model.metadata["start_sha256"]
      }
    } else if try !run.resumable().isEmpty {
      throw InputError(
        run.url.path, found: "the folder already holds a run",
        hint: "continue it with --resume, or choose another --output")
    }
  }

  /// Steps in an epoch.
  public var stepsPerEpoch: Int { progress.stepsPerEpoch }

  /// Runs the epochs that are left.
  ///
  /// - Parameters:
  ///   - stop: asked after every step; when it says true the run is saved and ends.
  ///   - stopNow: asked in the middle of a step, between its views, and of a probe. When it says true, what was begun is
  ///     taken back, and the run is saved as it was before and ends. A probe is part of the step before it, which has
  ///     been taken by then: the run goes on from the checkpoint that it has.
  /// - Throws: an `InputError` when a shard is damaged, the disk is full, or the loss is no longer finite; the newest
  ///   checkpoint is then the one that was saved last. Also one of the kind `busy` when another program is at the run.
  @discardableResult
  public mutating func callAsFunction(
    stop: () -> Bool = { false }, stopNow: () -> Bool = { false }
  ) throws -> Outcome {
    try Disk.makeFolder(run.url)
    guard let lock = try FolderLock(run.url, shared: false) else {
      throw InputError(
        run.url.path, found: "another program is training into this folder",
        hint: "wait for it, or choose another --output", kind: .busy)
    }
    defer { withExtendedLifetime(lock) {} }
    try AtomicFile.write(Data(recipe.yaml.utf8), to: run.recipe)
    let log = try TrainingLog(run, columns: columns, keeping: progress.steps)
    let line = ProgressLine(
      total: max(recipe.totalEpochs * stepsPerEpoch - progress.steps, 0), unit: "steps", mode: mode,
      label: "pretrain")
    defer { line.finish() }
    try run.complete(progress, recipe)
    let journal = RunJournal(run)
    if progress.steps == 0 { for note in notes { journal.note(note, progress) } }
    journal.note(progress.steps == 0 ? "started on \(identity.core)" : "resumed after \(progress)", progress)
    savedAt = .now
    pace = Pace()
    while progress.epochs < recipe.totalEpochs {
      let outcome: Outcome
      do { outcome = try runEpoch(log, journal, line, stop, stopNow) } catch {
        journal.note("failed: \(error)", progress)
        throw error
      }
      guard outcome == .stopped else { continue }
      journal.note("stopped after \(progress)", progress)
      return .stopped
    }
    journal.note("finished", progress)
    return .finished
  }

  /// Runs what is left of an epoch.
  private mutating func runEpoch(
    _ log: TrainingLog, _ journal: RunJournal, _ line: ProgressLine, _ stop: () -> Bool,
    _ stopNow: () -> Bool
  ) throws -> Outcome {
    let epoch = progress.epochs
    try enterStage(of: epoch)
    if progress.epochSteps == 0 { try model.method.begin(epoch: epoch) { try allFeatures() } }
    let batches = Pretraining.batches(
      recipe, source, views: model.views, epoch: epoch, from: progress.epochSteps)
    defer { batches.cancel() }
    var clock = ContinuousClock.now
    for index in progress.epochSteps..<stepsPerEpoch {
      guard let batch = try batches.next() else { break }
      let wait = (.now - clock) / .seconds(1)
      var parts = 0
      let step = learned(from: batch, epoch: epoch, index: index) {
        // A step of a large encoder may take minutes; from the second one on the line tells how long.
        if pace.isFresh {
          parts += 1
          line.advance(by: 0, detail: "part \(parts) of the first step")
        }
        return stopNow()
      }
      guard let step else {
        if progress.steps != saved?.steps ?? 0 { try save(log) }
        return .stopped
      }
      try watch(step, epoch: epoch, index: index, journal, line)
      let rates = stages[stage].rates
      let rate = rates.plan.rate(epoch: epoch - rates.first, step: index, steps: stepsPerEpoch)
      let parameters = model.store.parameters
      optimizer.step(
        parameters: parameters, gradients: step.gradients, rate: rate,
        scale: clippingScale(step.gradients, of: parameters, to: stages[stage].recipe.gradientLimit))
      progress.steps += 1
      progress.epochSteps = (index + 1) % stepsPerEpoch
      if progress.epochSteps == 0 { progress.epochs += 1 }
      let seconds = (.now - clock) / .seconds(1)
      var accuracy: Double?
      if isProbeDue {
        accuracy = try probed(journal, line, stopNow)
        guard accuracy != nil else {
          progress = saved ?? Checkpoint.Progress(stepsPerEpoch: stepsPerEpoch)
          return .stopped
        }
      }
      try log.add(row(step, epoch: epoch, accuracy: accuracy, rate: rate, seconds: seconds, wait: wait))
      chooseBest(loss: step.loss, accuracy)
      line.advance(
        detail: String(
          format: "epoch %d/%d, loss %.3f, %.0f samples/s", epoch + 1, recipe.totalEpochs, step.loss,
          Double(recipe.batch) / max(seconds, 1e-9)))
      if pace.add(seconds: seconds, wait: wait) {
        let estimate = pace.estimate(recipe, progress)
        journal.note(estimate, progress)
        if mode != .none { line.note(estimate) }
      } else if mode != .none, let guess = pace.guess(recipe, progress) {
        line.note(guess)
      }
      let stops = stop()
      if stops || progress.epochSteps == 0 || isCheckpointDue { try save(log) }
      if stops && progress.epochs < recipe.totalEpochs { return .stopped }
      clock = .now
    }
    return .finished
  }

  /// Whether it is at the end of an epoch at which the probe is asked for.
  private var isProbeDue: Bool {
    probe != nil && progress.epochSteps == 0 && progress.epochs.isMultiple(of: recipe.probe.every)
  }

  /// The probe's accuracy; nil if it was asked to stop.
  private func probed(_ journal: RunJournal, _ line: ProgressLine, _ stop: () -> Bool) throws -> Double? {
    guard let probe else { preconditionFailure("there is no probe") }
    guard let percent = try probe.accuracy(of: model, stop: stop) else { return nil }
    let side = recipe.probe.part == .test ? "test" : "held-out training"
    let text = String(
      format: "epoch %d: 1-NN %.1f %% of %d %@ samples", progress.epochs, percent, probe.count, side)
    journal.note(text, progress)
    if mode != .none { line.note(text) }
    return percent
  }

  /// Remembers which epoch was the best: that of the highest accuracy, or without a probe that of the lowest mean loss.
  private mutating func chooseBest(loss: Float, _ accuracy: Double?) {
    guard recipe.keepsBest else { return }
    if probe == nil { progress.lossSum += Double(loss) }
    guard progress.epochSteps == 0 else { return }
    let mean = progress.lossSum / Double(stepsPerEpoch)
    progress.lossSum = 0
    guard let score = probe == nil ? mean : accuracy else { return }
    let epoch = BestEpoch(epochs: progress.epochs, score: score)
    if epoch.isBetter(than: progress.best, recipe, stage: stage(of:)) { progress.best = epoch }
  }

  /// The batches of an epoch from the one with a number on, made on other threads.
  static func batches(
    _ recipe: PretrainRecipe, _ source: SampleSource, views: ViewPlan, epoch: Int, from first: Int = 0
  ) -> Prefetcher<Batch> {
    let seed = UInt64(recipe.seed)
    let size = recipe.batch
    let order = source.order(seed: seed, epoch: epoch)
    let groups = views.group.map { SampleGroups(source.entries, by: $0) }
    return Prefetcher(count: order.count / size - first, workers: recipe.workers) { offset in
      let index = first + offset
      let entries = order[(index * size)..<((index + 1) * size)]
      var draw = BatchDraw(
        seed: seed, epoch: epoch, index: index, names: entries.map(\.name),
        clips: try entries.map(source.clip))
      if let groups {
        draw.partners = try entries.map {
          try groups.partner(of: $0, seed: seed, epoch: epoch).map(source.clip)
        }
      }
      return views.batch(of: draw)
    }
  }

  /// The columns of the log.
  private var columns: [String] {
    ["step", "epoch", "loss"] + terms + measures + (probe == nil ? [] : ["knn"]) + [
      "rate", "seconds", "wait", "samples_per_second",
    ]
  }

  private func row(
    _ step: Step, epoch: Int, accuracy: Double?, rate: Float, seconds: Double, wait: Double
  ) -> [Double?] {
    let head: [Double?] = [Double(progress.steps), Double(epoch + 1), Double(step.loss)]
    let terms = step.terms
    let losses =
      self.terms.map { terms[$0].map(Double.init) } + measures.map { step.measures[$0].map(Double.init) }
    let tail: [Double?] = [Double(rate), seconds, wait, seconds > 0 ? Double(recipe.batch) / seconds : nil]
    return head + losses + (probe == nil ? [] : [accuracy]) + tail
  }
}
