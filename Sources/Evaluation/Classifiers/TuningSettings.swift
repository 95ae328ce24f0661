import Encoders
import Recipes
import Skeleton

/// The settings of training an encoder together with a linear layer. Defaults are those of CMD's semi-supervised
/// script, with which it also tunes on PKU-MMD II.
public struct TuningSettings: Sendable, Equatable {
  /// The seed of the layer's start, the crops, the order and drawn subsets; each repetition adds one.
  public var seed = 1
  /// How often all is repeated with other seeds.
  public var repeats = 1
  /// Which branch of the checkpoint is tuned.
  public var branch = FrozenEncoder.Branch.query
  /// Samples in a batch.
  public var batch = 64
  /// Passes over the training samples.
  public var epochs = 80
  /// The training crop's length as a share of the sample.
  public var crop: ClosedRange<Float> = 0.5...1
  /// The test crop's length, around the middle, as a share of the sample.
  public var testCrop: Float = 0.95
  /// How far training clips are turned about each axis at most, in radians.
  public var rotation: Float = 0
  /// How much of a label is shared out among all classes.
  public var smoothing: Float = 0
  /// How all is fitted.
  public var fitting = Fitting()
  /// What the rate is multiplied by for the encoder.
  public var encoderScale: Float = 1
  /// What is left of the encoder's rate with each block further from the layer.
  public var layerFactor: Float = 1
  /// Which epoch is measured.
  public var report = Reported.last
  /// What the logits of each encoder of an ensemble are multiplied by; empty for 1 each.
  public var weights: [Float] = []

  /// CMD's settings.
  public init() { fitting.rate = 0.01 }
}

/// A recipe of a task that trains encoders.
public protocol TuningRecipe: FittingRecipe {
  /// The settings of training.
  var tuning: TuningSettings { get set }
}

extension TuningRecipe {
  /// Which branch of the checkpoint is tuned.
  public var branch: FrozenEncoder.Branch { tuning.branch }

  /// How all is fitted.
  public var fitting: Fitting {
    get { tuning.fitting }
    set { tuning.fitting = newValue }
  }

  /// Checks what no single setting can.
  public func checkConsistency(in file: String) throws {
    try tuning.fitting.checkConsistency(epochs: tuning.epochs, in: file)
  }
}

extension Setting where Root: TuningRecipe {
  /// The settings of training encoders.
  static var tuning: [Setting] {
    [
      .integer(
        "seed", \.tuning.seed, 0...Int(Int32.max) - 1000,
        "the seed of every random draw; each repetition adds one"),
      .integer(
        "repeats", \.tuning.repeats, 1...1000,
        "how often all is repeated, with other seeds; more than one gives a mean and a deviation"),
      .choice(
        "branch", \.tuning.branch, "which encoder of the checkpoint: the trained one or its moving average"),
      .integer("batch", \.tuning.batch, 1...65536, "samples in a batch"),
      .integer("epochs", \.tuning.epochs, 1...100_000, "passes over the training samples"),
      .range("crop", \.tuning.crop, 0.01...1, "length of the training crop, as a share of the sample"),
      .number(
        "test_crop", \.tuning.testCrop, 0.01...1,
        "length of the test crop, around the middle, as a share of the sample"),
      .number(
        "rotation", \.tuning.rotation, 0...3.1416,
        "how far training clips are turned about each axis at most, in radians"),
      .number(
        "label_smoothing", \.tuning.smoothing, 0...0.95,
        "how much of a training sample's label is shared out among all classes"),
    ] + fitting + [
      .number(
        "optimizer.encoder", \.tuning.encoderScale, 0...1,
        "what the rate is multiplied by for the encoder; 0 trains the layer alone"),
      .number(
        "optimizer.layers", \.tuning.layerFactor, 0.01...1,
        "what is left of the encoder's rate with each block further down; 1 for the same rate in all, others for vit alone"
      ),
      .choice(
        "report", \.tuning.report,
        "which epoch is measured: the last, or the one that is best on the test samples, which the result then says"
      ),
      .numbers(
        "weights", \.tuning.weights, 0...1000,
        "what the logits of each checkpoint of an ensemble are multiplied by; empty for 1 each"),
    ]
  }
}
