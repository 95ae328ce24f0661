import Batches
import NN
import Recipes
import Reporting
import Skeleton
import TensorCore

/// Linear layers on one or several frozen encoders, whose logits are added up.
struct HeadEnsemble {
  /// Changes a clip before it is cropped, by the sample's name.
  typealias Change = @Sendable (SkeletonClip, String) -> SkeletonClip

  private let settings: HeadSettings
  private let classCount: Int
  /// Each encoder and its layer, which the encoder's weight is a factor of.
  let members: [(encoder: FrozenEncoder, layer: Linear)]

  /// Trains a layer for each encoder of a subject.
  ///
  /// - Parameters:
  ///   - source: what is learned from, in place of the subject's training samples.
  ///   - test: what the best epoch is chosen by, with `report: best_on_test`.
  init(
    _ settings: HeadSettings, of subject: EvaluationSubject, on source: SampleSource? = nil,
    test: SampleSource? = nil, mode: ProgressMode
  ) throws {
    try subject.checkLearnsFromOthers()
    let classCount = try subject.checkedClasses()
    let weights = try subject.checkedWeights(settings.weights)
    self.settings = settings
    self.classCount = classCount
    members = try zip(subject.encoders, weights).map { encoder, weight in
      let watched =
        settings.report == .best_on_test
        ? try encoder.features(of: test ?? subject.test, crop: .middle(settings.testCrop)) : nil
      let layer = try LinearProbe(settings, on: encoder, classCount: classCount).trained(
        on: source ?? subject.train, watching: watched, mode: mode)
      layer.weight.value = layer.weight.value * weight
      layer.bias.value = layer.bias.value * weight
      return (encoder, layer)
    }
  }

  /// The sum of the logits of all samples, (N, C).
  func logits(of source: SampleSource, changed: Change? = nil) throws -> Tensor {
    let logits = try members.map { encoder, layer in
      layer(try encoder.features(of: source, crop: .middle(settings.testCrop), changed: changed).values)
        .detached()
    }
    return logits.dropFirst().reduce(logits[0], +)
  }

  /// How well the samples' classes are told apart.
  func metrics(of source: SampleSource, changed: Change? = nil) throws -> ClassificationMetrics {
    ClassificationMetrics(
      scores: try logits(of: source, changed: changed).values, labels: source.labels, classCount: classCount)
  }

  /// What was learned, to be kept.
  func trained(_ recipe: some EvaluationTask, on source: SampleSource) throws -> TrainedHead {
    try TrainedHead(
      recipe, on: source.manifest, crop: settings.testCrop,
      layers: members.map { TrainedHead.Layer($0.layer, on: $0.encoder) })
  }
}
