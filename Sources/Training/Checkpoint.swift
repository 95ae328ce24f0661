import Encoders
import Foundation
import Recipes
import Skeleton

/// A run as it is saved: a model, what going on needs beside it, and how far it is.
public struct Checkpoint: Sendable {
  /// How far a run is.
  public struct Progress: Sendable, Equatable, CustomStringConvertible {
    /// Epochs that are finished.
    public var epochs = 0
    /// Steps of the epoch after them that are finished.
    public var epochSteps = 0
    /// Steps that are finished, over all epochs.
    public var steps = 0

    /// Steps of a whole epoch.
    public var stepsPerEpoch: Int
    /// The sum of the losses of those steps of the epoch, where the best epoch is chosen by its loss.
    public var lossSum = 0.0
    /// What is known of the growth of the loss and its terms.
    public var watch = GrowthWatch()
    /// The best epoch so far, where that is kept.
    public var best: BestEpoch?

    /// The start of a run.
    public init(stepsPerEpoch: Int) { self.stepsPerEpoch = stepsPerEpoch }

    /// Whether it is at the end of the best epoch so far.
    var isBest: Bool { epochSteps == 0 && best?.epochs == epochs }

    /// `epoch 3, step 12 of 40`, or `the end of epoch 2`.
    public var description: String {
      epochSteps == 0
        ? "the end of epoch \(epochs)" : "epoch \(epochs + 1), step \(epochSteps) of \(stepsPerEpoch)"
    }
  }

  /// What a run computes, and from what: the numbers depend on all of this and on nothing else.
  public struct Identity: Sendable, Equatable {
    /// The recipe.
    public var recipe: PretrainRecipe
    /// The SHA-256 of the data set's manifest.
    public var data: String
    /// The split and side that the run reads.
    public var split: String
    /// The processor that OpenBLAS chose its loops for; not the number of threads, which changes no bit.
    public var core: String
    /// The SHA-256 of the weights that it started from; nil for fresh ones.
    public var start: String?
    /// What the data are, for those that meet the checkpoint later; the manifest's digest decides it.
    public var origin: CheckpointOrigin?

    /// What evaluations have to know of its encoders.
    public var encoders: [EncoderRecord] = []

    /// What a run computes.
    public init(recipe: PretrainRecipe, data: String, split: String, core: String, start: String? = nil) {
      self.recipe = recipe
      self.data = data
      self.split = split
      self.core = core
      self.start = start
    }
  }

  /// The model's parameters and buffers.
  public var model: Safetensors
  /// What the optimizer and the method need beside them.
  public var state: Safetensors
  /// How far the run is.
  public var progress: Progress

  /// The texts that go with the model.
  static func texts(_ identity: Identity, _ progress: Progress) -> [String: String] {
    var texts = [
      "epochs": String(progress.epochs), "epoch_steps": String(progress.epochSteps),
      "steps": String(progress.steps), "steps_per_epoch": String(progress.stepsPerEpoch),
      "data": identity.data, "split": identity.split,
      "recipe": identity.recipe.yaml, "recipe_kind": PretrainRecipe.kind, "blas_core": identity.core,
      "threads": "any number gives these bits",
    ]
    texts["start_sha256"] = identity.start
    for (number, text) in EncoderRecords(identity.encoders).texts.enumerated() {
      texts["encoder.\(number)"] = text
    }
    texts.merge(identity.origin?.texts ?? [:]) { own, _ in own }
    // A Double's description is read back as the same one.
    if progress.lossSum != 0 { texts["loss_sum"] = String(progress.lossSum) }
    texts["growth"] = progress.watch.text
    if !progress.watch.isCalm { texts["growing"] = "yes" }
    texts["best_epochs"] = progress.best.map { String($0.epochs) }
    texts["best_score"] = progress.best.map { String($0.score) }
    return texts
  }

  /// More steps than any run has; products of two such numbers are numbers yet.
  static let mostSteps = 1 << 31

  /// How far the run of a model with these texts was.
  ///
  /// - Throws: an `InputError` that names the text that is missing or no number that it can be.
  static func progress(_ texts: [String: String], file: String) throws -> Progress {
    func wrong(_ name: String, _ expected: String) -> InputError {
      InputError(
        file, at: name, found: texts[name].map { "\"\($0.prefix(40))\"" } ?? "missing", expected: expected)
    }
    func count(_ name: String, absent: Int? = nil) throws -> Int {
      if texts[name] == nil, let absent { return absent }
      guard let number = texts[name].flatMap({ Int($0) }), (0...mostSteps).contains(number) else {
        throw wrong(name, "a whole number in 0...\(mostSteps), in the texts of a pre-training checkpoint")
      }
      return number
    }
    func number(_ name: String) throws -> Double? {
      guard let text = texts[name] else { return nil }
      guard let number = Double(text), number.isFinite else { throw wrong(name, "a finite number") }
      return number
    }
    var progress = Progress(stepsPerEpoch: try count("steps_per_epoch", absent: 0))
    (progress.epochs, progress.steps) = (try count("epochs"), try count("steps"))
    progress.epochSteps = try count("epoch_steps", absent: 0)
    progress.lossSum = try number("loss_sum") ?? 0
    progress.watch = GrowthWatch(text: texts["growth"], isCalm: texts["growing"] == nil)
    if let score = try number("best_score") {
      progress.best = BestEpoch(epochs: try count("best_epochs"), score: score)
    }
    return progress
  }
}
