import Encoders
import Recipes
import Skeleton

/// The settings of a linear layer on frozen features. Defaults are CMD's, which PCM3++ follows.
public struct HeadSettings: Sendable, Equatable {
  /// The seed of the layer's start, the crops and the order.
  public var seed = 42
  /// Which branch of the checkpoint is evaluated.
  public var branch = FrozenEncoder.Branch.query
  /// Samples in a batch.
  public var batch = 64
  /// Passes over the training samples.
  public var epochs = 80
  /// Different random crops of each training sample over all epochs; 0 takes a new one every epoch.
  public var draws = 8
  /// The training crop's length as a share of the sample.
  public var crop: ClosedRange<Float> = 0.5...1
  /// The test crop's length, around the middle, as a share of the sample.
  public var testCrop: Float = 0.95
  /// Whether features are normalized by their batch before the layer, without learned numbers.
  public var normalizes = false
  /// How the layer is fitted.
  public var fitting = Fitting()
  /// Which epoch's layer is measured.
  public var report = Reported.last
  /// What the logits of each encoder of an ensemble are multiplied by; empty for 1 each.
  public var weights: [Float] = []

  /// CMD's settings.
  public init() {}

  func checkConsistency(in file: String) throws {
    try fitting.checkConsistency(epochs: epochs, in: file)
    if normalizes && batch < 2 {
      throw InputError(file, at: "batch", found: "\(batch)", expected: "at least 2 with norm")
    }
  }
}

/// A recipe of a task that trains a linear layer.
public protocol HeadRecipe: FittingRecipe {
  /// The layer's settings.
  var head: HeadSettings { get set }
}

extension HeadRecipe {
  /// Which branch of the checkpoint is evaluated.
  public var branch: FrozenEncoder.Branch { head.branch }

  /// How the layer is fitted.
  public var fitting: Fitting {
    get { head.fitting }
    set { head.fitting = newValue }
  }
}

extension Setting where Root: HeadRecipe {
  /// The settings of a linear layer.
  static var head: [Setting] {
    [
      .integer("seed", \.head.seed, 0...Int(Int32.max), "the seed of every random draw"),
      .choice(
        "branch", \.head.branch, "which encoder of the checkpoint: the trained one or its moving average"),
      .integer("batch", \.head.batch, 1...65536, "samples in a batch"),
      .integer("epochs", \.head.epochs, 1...100_000, "passes over the training samples"),
      .integer(
        "draws", \.head.draws, 0...100_000,
        "random crops of each training sample over all epochs; 0 takes a new one every epoch, as CMD's code does"
      ),
      .range("crop", \.head.crop, 0.01...1, "length of the training crop, as a share of the sample"),
      .number(
        "test_crop", \.head.testCrop, 0.01...1,
        "length of the test crop, around the middle, as a share of the sample"),
      .flag(
        "norm", \.head.normalizes,
        "whether features are normalized by their batch first, without learned numbers"),
    ] + fitting + [
      .choice(
        "report", \.head.report,
        "which epoch is measured: the last, or the one that is best on the test samples, which the result then says"
      ),
      .numbers(
        "weights", \.head.weights, 0...1000,
        "what the logits of each checkpoint of an ensemble are multiplied by; empty for 1 each"),
    ]
  }
}
