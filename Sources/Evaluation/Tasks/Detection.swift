import Batches
import Recipes
import Reporting
import Skeleton
import TensorCore

/// Detection: which actions happen when in untrimmed recordings.
///
/// A linear layer on a frozen encoder tells what happens in each frame from the frames around it; what it says is
/// smoothed and cut into actions, which two evaluators compare with the truth. Whether the input is raw or normalized is
/// decided by the data set: published numbers are of raw coordinates (`skelprep convert --untrimmed --profile raw`).
public struct Detection {
  /// What was found in test recordings, and how right the frames were.
  public struct Outcome: Sendable, Equatable {
    /// The recordings in their order, with what is known and what was found.
    public let videos: [DetectedVideo]
    /// Percent of the frames whose highest probability is the right one's.
    public let frameAccuracy: Double
  }

  private let recipe: DetectionRecipe
  /// One for each encoder.
  private let classifiers: [FrameClassifier]
  /// The labels that training recordings have.
  private let labels: [Int]
  /// What was learned.
  public let head: TrainedHead

  /// Trains a frame classifier for each encoder.
  ///
  /// - Parameter encoders: of one stream each; the logits of several are added up.
  /// - Throws: an `InputError` if a recording has no actions.
  public init(
    _ recipe: DetectionRecipe, of encoders: [FrozenEncoder], on train: SampleSource, mode: ProgressMode
  ) throws {
    let source = try UntrimmedSource(train, side: "training")
    self.recipe = recipe
    labels = source.labels
    let classCount = (labels.max() ?? -1) + 1
    classifiers = encoders.map { FrameClassifier(recipe, encoder: $0, outputs: classCount + 1) }
    for classifier in classifiers { try classifier.train(on: source, mode: mode) }
    head = try TrainedHead(
      task: DetectionRecipe.kind, recipe: recipe.yaml, manifest: train.manifest, branch: recipe.branch,
      layers: classifiers.map(\.trained))
  }

  /// Finds the actions of test recordings. Their labels are only compared with what was found.
  ///
  /// - Throws: an `InputError` if a recording has no actions, or a class is tested that was not trained.
  public func outcome(on test: SampleSource, mode: ProgressMode) throws -> Outcome {
    let source = try UntrimmedSource(test, side: "test")
    _ = try checkedClassCount(train: labels, test: source.labels)
    let line = ProgressLine(total: test.entries.count, unit: "recordings", mode: mode, label: "detection")
    var videos: [DetectedVideo] = []
    var (right, frames) = (0, 0)
    for (entry, truths) in zip(test.entries, source.actions) {
      let clip = try test.clip(entry)
      let logits = try classifiers.map { try $0.logits(of: clip) }
      let scores = FrameScores(logits: logits.dropFirst().reduce(logits[0], +).values, width: head.outputs)
      videos.append(DetectedVideo(name: entry.name, truths: truths, found: scores.actions(by: recipe)))
      right += zip(scores.columns, frameColumns(of: truths, length: entry.length)).count { $0 == $1 }
      frames += entry.length
      line.advance()
    }
    line.finish()
    return Outcome(videos: videos, frameAccuracy: 100 * Double(right) / Double(frames))
  }
}

extension FrameScores {
  /// The actions by a recipe's smoothing and threshold.
  func actions(by recipe: DetectionRecipe) -> [TimedAction] {
    smoothed(halfWidth: recipe.smoothing).actions(threshold: recipe.threshold, shortest: recipe.shortest)
  }
}
