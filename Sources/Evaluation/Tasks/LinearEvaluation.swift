import Batches
import NN
import Recipes
import Reporting
import Skeleton
import TensorCore

/// The settings of linear evaluation. Defaults are CMD's, which PCM3++ follows.
public struct LinearRecipe: EvaluationTask {
  /// The seed of the head's start, the crops and the order.
  public var seed = 42
  /// Which branch of the checkpoint is evaluated.
  public var branch = FrozenEncoder.Branch.query
  /// Samples in a batch.
  public var batch = 64
  /// Passes over the training samples.
  public var epochs = 80
  /// Different random crops of each training sample over all epochs; 0 takes a new one every epoch.
  public var draws = 8
  /// The crop's length as a share of the sample.
  public var crop: ClosedRange<Float> = 0.5...1
  /// SGD's learning rate at the start.
  public var rate: Float = 0.1
  /// SGD's momentum.
  public var momentum: Float = 0.9
  /// SGD's weight decay.
  public var weightDecay: Float = 0
  /// Epochs before which the rate falls.
  public var milestones = [50, 70]
  /// What the rate is multiplied by.
  public var factor: Float = 0.1

  /// CMD's settings.
  public init() {}

  /// The recipe's kind.
  public static let kind = "linear"
  /// What the recipe is for.
  public static let summary = "Linear evaluation: one linear layer on the features of a frozen encoder."

  /// All settings with their ranges.
  public static let settings: [Setting<LinearRecipe>] = [
    .integer("seed", \.seed, 0...Int(Int32.max), "the seed of every random draw"),
    .choice("branch", \.branch, "which encoder of the checkpoint: the trained one or its moving average"),
    .integer("batch", \.batch, 1...65536, "samples in a batch"),
    .integer("epochs", \.epochs, 1...100_000, "passes over the training samples"),
    .integer(
      "draws", \.draws, 0...100_000,
      "random crops of each training sample over all epochs; 0 takes a new one every epoch, as CMD's code does"
    ),
    .range("crop", \.crop, 0.01...1, "length of the training crop, as a share of the sample"),
    .number("optimizer.rate", \.rate, 0...100, "learning rate at the start"),
    .number("optimizer.momentum", \.momentum, 0...0.9999, "momentum of SGD"),
    .number("optimizer.weight_decay", \.weightDecay, 0...1, "weight decay of SGD"),
    .integers("optimizer.milestones", \.milestones, 1...100_000, "epochs at which the rate falls"),
    .number("optimizer.factor", \.factor, 0...1, "what the rate is multiplied by at a milestone"),
  ]

  /// Every combination is sensible.
  public func checkConsistency(in file: String) throws {}

  /// Trains the layer and measures it.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    let metrics = try LinearEvaluation(self)(
      subject.onlyEncoder(of: Self.kind), train: subject.train, test: subject.test, mode: mode)
    var result = EvaluationResult(self, of: subject, measures: .init(metrics))
    result.classification = EvaluationResult.Classification(metrics)
    return result
  }
}

/// Linear evaluation: how well one linear layer tells the classes apart by frozen features.
///
/// The accuracy is that after the last epoch. Test labels are read only to count.
public struct LinearEvaluation {
  private let recipe: LinearRecipe

  /// An evaluation with given settings.
  public init(_ recipe: LinearRecipe) { self.recipe = recipe }

  /// Trains the layer on one source and measures it on another, whose samples are cropped at the centre.
  ///
  /// - Throws: an `InputError` if a sample has no class, or a test class has no training sample.
  public func callAsFunction(
    _ encoder: FrozenEncoder, train: SampleSource, test: SampleSource, mode: ProgressMode
  ) throws -> ClassificationMetrics {
    let classCount = try checkedClassCount(train: train.labels, test: test.labels)
    let seed = UInt64(recipe.seed)
    let store = ParameterStore(seed: seed)
    let head = Linear(store.root / "fc", from: encoder.featureCount, to: classCount)
    var start = KeyedRandom(seed: seed, view: "linear.start")
    head.weight.value = Tensor(
      (0..<head.weight.value.count).map { _ in 0.01 * start.normal() }, shape: head.weight.value.shape)
    head.bias.value = Tensor.zeros(head.bias.value.shape)
    var optimizer = SGD(learningRate: recipe.rate, momentum: recipe.momentum, weightDecay: recipe.weightDecay)
    let schedule = StepSchedule(base: recipe.rate, milestones: recipe.milestones, factor: recipe.factor)
    let draws = recipe.draws == 0 ? recipe.epochs : min(recipe.draws, recipe.epochs)
    let line = ProgressLine(total: recipe.epochs, unit: "epochs", mode: mode, label: "linear")
    var drawn = -1
    var features = Tensor.zeros([0, encoder.featureCount])
    for epoch in 0..<recipe.epochs {
      // Epochs that share a draw follow each other, so that the features of one draw at a time are in memory.
      let draw = epoch * draws / recipe.epochs
      if draw != drawn {
        features = try encoder.features(of: train, crop: .random(recipe.crop, seed: seed, epoch: draw)).values
        drawn = draw
      }
      var random = KeyedRandom(seed: seed, epoch: epoch, view: "linear.order")
      let order = random.shuffled(Array(0..<train.entries.count))
      for start in stride(from: 0, to: order.count, by: recipe.batch) {
        let rows = Array(order[start..<min(start + recipe.batch, order.count)])
        let loss = softmaxCrossEntropy(
          head(features.rows(rows)), labels: rows.map { train.entries[$0].label })
        optimizer.step(
          parameters: store.parameters, gradients: gradients(of: loss), rate: schedule.rate(epoch: epoch))
      }
      line.advance()
    }
    line.finish()
    let scores = head(try encoder.features(of: test).values).values  // (N, C)
    return ClassificationMetrics(scores: scores, labels: test.labels, classCount: classCount)
  }
}

/// The number of classes of a classification task.
///
/// - Throws: an `InputError` if a sample has no class, or a class is tested that was not trained.
func checkedClassCount(train: [Int], test: [Int]) throws -> Int {
  guard (train + test).allSatisfy({ $0 >= 0 }) else {
    throw InputError("labels", found: "a sample without a class", hint: "recognition needs labelled samples")
  }
  let unseen = Set(test).subtracting(train).sorted()
  guard unseen.isEmpty else {
    throw InputError(
      "labels",
      found: "test classes without a training sample: \(unseen.map { "A\($0 + 1)" }.joined(separator: ", "))",
      hint: "choose a split in which every tested class is also trained")
  }
  return (train.max() ?? -1) + 1
}
