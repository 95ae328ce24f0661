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
  private let recipe: DetectionRecipe

  /// An evaluation with given settings.
  public init(_ recipe: DetectionRecipe) { self.recipe = recipe }

  /// What was found, and how right the frames were.
  public struct Outcome: Sendable, Equatable {
    /// The test recordings in their order, with what is known and what was found.
    public let videos: [DetectedVideo]
    /// Percent of the test frames whose highest probability is the right one's.
    public let frameAccuracy: Double
    /// What was learned.
    public let head: TrainedHead
  }

  /// Trains a frame classifier for each encoder on one source, and finds the actions of another.
  ///
  /// - Parameter encoders: of one stream each; the logits of several are added up.
  /// - Throws: an `InputError` if a recording has no actions, or a class is tested that was not trained.
  public func callAsFunction(
    _ encoders: [FrozenEncoder], train: SampleSource, test: SampleSource, mode: ProgressMode
  ) throws -> Outcome {
    let training = try UntrimmedSource(train, side: "training")
    let testing = try UntrimmedSource(test, side: "test")
    let classCount = try checkedClassCount(train: training.labels, test: testing.labels)
    let classifiers = encoders.map { FrameClassifier(recipe, encoder: $0, outputs: classCount + 1) }
    for classifier in classifiers { try classifier.train(on: training, mode: mode) }
    let line = ProgressLine(
      total: testing.actions.count, unit: "recordings", mode: mode, label: "detection")
    var videos: [DetectedVideo] = []
    var (right, frames) = (0, 0)
    for (entry, recording) in test.entries.enumerated() {
      let clip = try test.clip(recording)
      let logits = try classifiers.map { try $0.logits(of: clip) }
      let scores = FrameScores(logits: logits.dropFirst().reduce(logits[0], +).values, width: classCount + 1)
      videos.append(
        DetectedVideo(
          name: recording.name, truths: testing.actions[entry], found: scores.actions(by: recipe)))
      right += zip(scores.columns, frameColumns(of: testing.actions[entry], length: recording.length)).count {
        $0 == $1
      }
      frames += recording.length
      line.advance()
    }
    line.finish()
    return Outcome(
      videos: videos, frameAccuracy: 100 * Double(right) / Double(frames),
      head: try TrainedHead(
        task: DetectionRecipe.kind, recipe: recipe.yaml, manifest: train.manifest, branch: recipe.branch,
        layers: classifiers.map(\.trained)))
  }
}

extension FrameScores {
  /// The actions by a recipe's smoothing and threshold.
  func actions(by recipe: DetectionRecipe) -> [TimedAction] {
    smoothed(halfWidth: recipe.smoothing).actions(threshold: recipe.threshold, shortest: recipe.shortest)
  }
}
