import Batches
import NN
import Recipes
import Skeleton
import TensorCore
import Training

/// Tells what happens in single recordings, by encoders and a head that an evaluation trained on them.
public struct Predictor {
  /// What a recording shows, with the probability of each class.
  public struct Recognition: Sendable, Equatable {
    /// Probabilities, (classes), adding up to 1.
    public let probabilities: [Double]

    /// The likeliest classes, from 0, falling; of equals the lower class first.
    public func top(_ count: Int) -> [Int] {
      Array(probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }.prefix(count))
    }
  }

  /// What happens when.
  public struct Timeline: Sendable, Equatable {
    /// The actions in the order of their frames; a score is the mean probability.
    public let actions: [TimedAction]
    /// Frames of the recording.
    public let frameCount: Int
  }

  /// What a recording turned out to be.
  public enum Prediction: Sendable, Equatable {
    /// One action, by the head of a recognition task.
    case recognition(Recognition)
    /// Many, by the head of detection.
    case timeline(Timeline)
  }

  private enum Kind {
    case recognition([(encoder: FrozenEncoder, head: Linear)])
    case detection(DetectionRecipe, [FrameClassifier])
  }

  /// The head.
  public let head: TrainedHead
  private let kind: Kind

  /// A predictor of a head and the encoders that it was trained on.
  ///
  /// - Throws: an `InputError` if the encoders are others, or the head is of a task that predicts nothing.
  public init(_ head: TrainedHead, encoders: [FrozenEncoder]) throws {
    try head.check(encoders)
    self.head = head
    if head.task == DetectionRecipe.kind {
      let recipe = try DetectionRecipe(yaml: head.recipe, file: "the head's recipe")
      kind = .detection(
        recipe,
        zip(encoders, head.layers).map {
          FrameClassifier(recipe, encoder: $0, outputs: head.outputs, trained: $1)
        })
    } else {
      kind = .recognition(
        zip(encoders, head.layers).map { encoder, layer in
          let linear = Linear(
            ParameterStore(seed: 0).root / "fc", from: encoder.featureCount, to: head.outputs)
          layer.load(into: linear)
          let own = encoder.copy()
          own.load(layer.arrays)
          return (own, linear)
        })
    }
  }

  /// What happens in a recording that was made as the head's data set was, (T, V, C, M).
  public func callAsFunction(_ recording: SkeletonClip) throws -> Prediction {
    switch kind {
    case .recognition(let layers):
      let logits = layers.map { encoder, layer in layer(encoder.features(of: recording, crop: head.crop)) }
      let sum = logits.dropFirst().reduce(logits[0], +)
      return .recognition(
        Recognition(
          probabilities: FrameScores(logits: sum.values, width: head.outputs).values.map(Double.init)))
    case .detection(let recipe, let classifiers):
      let logits = try classifiers.map { try $0.logits(of: recording) }
      let scores = FrameScores(logits: logits.dropFirst().reduce(logits[0], +).values, width: head.outputs)
      return .timeline(Timeline(actions: scores.actions(by: recipe), frameCount: recording.frameCount))
    }
  }
}

extension FrozenEncoder {
  /// The feature of the middle of one recording, a share of it, (1, D).
  func features(of recording: SkeletonClip, crop: Float) -> Tensor {
    let clip = stream.derived(
      from: recording.centreCrop(share: crop, to: frames))
    return features(of: SkeletonClip.stacked([clip]))
  }
}
