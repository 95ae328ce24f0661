import Encoders
import Recipes
import Skeleton

/// The settings of detection. Defaults are those that PCM3++ was published with, from the configuration of
/// Simple-Skeleton-Detection.
public struct DetectionRecipe: RecipeSettings {
  /// What the encoder's batch normalization does with recordings that it was not trained on.
  public enum Norm: String, CaseIterable, Sendable {
    /// It normalizes training windows by their batch, and its running statistics follow: what the published code does
    /// without saying, as it leaves the frozen encoder in training mode. Raw recordings need it.
    case adapt
    /// It stays as pre-training left it.
    case frozen
  }

  /// The seed of the head's start, the windows and the order.
  public var seed = 42
  /// Which branch of the checkpoint is evaluated.
  public var branch = FrozenEncoder.Branch.query
  /// What batch normalization does.
  public var norm = Norm.adapt
  /// Windows in a batch.
  public var batch = 64
  /// Passes over the training recordings.
  public var epochs = 60
  /// Windows of each training recording in an epoch.
  public var windows = 16
  /// Different sets of windows over all epochs; 0 takes a new one every epoch.
  public var draws = 0
  /// Frames that a window shows.
  public var frames = 16
  /// Every how many frames a training window shows one: one of these, drawn for each window.
  public var trainStrides = [3, 4, 5]
  /// Every how many frames a test window shows one.
  public var testStride = 4
  /// SGD's learning rate at the start.
  public var rate: Float = 0.01
  /// SGD's momentum.
  public var momentum: Float = 0.9
  /// Whether SGD looks ahead.
  public var nesterov = true
  /// SGD's weight decay.
  public var weightDecay: Float = 0
  /// Epochs before which the rate falls.
  public var milestones = [40]
  /// What the rate is multiplied by.
  public var factor: Float = 0.1
  /// Half of the frames that scores are averaged over.
  public var smoothing = 10
  /// The probability of any action from which on there is one.
  public var threshold: Float = 0.4
  /// The fewest frames of an action that is found.
  public var shortest = 1

  /// The published settings.
  public init() {}

  /// The recipe's kind.
  public static let kind = "detection"
  /// What the recipe is for.
  public static let summary =
    "Detection: which actions happen when in untrimmed recordings, by a linear classifier of frames."

  /// All settings with their ranges.
  public static let settings: [Setting<DetectionRecipe>] = [
    .integer("seed", \.seed, 0...Int(Int32.max), "the seed of every random draw"),
    .choice("branch", \.branch, "which encoder of the checkpoint: the trained one or its moving average"),
    .choice(
      "norm", \.norm,
      "batch normalization of the encoder: follow the training recordings as the published code does, or stay"
    ),
    .integer("batch", \.batch, 2...65536, "windows in a batch"),
    .integer("epochs", \.epochs, 1...100_000, "passes over the training recordings"),
    .integer("windows", \.windows, 1...65536, "windows of each training recording in an epoch"),
    .integer(
      "draws", \.draws, 0...100_000,
      "different sets of windows over all epochs; 0 takes a new one every epoch, as the published code does"),
    .integer("frames", \.frames, 2...4096, "frames that a window shows"),
    .integers(
      "strides.train", \.trainStrides, 1...1024,
      "every how many frames a training window shows one; one is drawn"),
    .integer("strides.test", \.testStride, 1...1024, "every how many frames a test window shows one"),
    .number("optimizer.rate", \.rate, 0...100, "learning rate at the start"),
    .number("optimizer.momentum", \.momentum, 0...0.9999, "momentum of SGD"),
    .flag("optimizer.nesterov", \.nesterov, "whether SGD looks ahead"),
    .number("optimizer.weight_decay", \.weightDecay, 0...1, "weight decay of SGD"),
    .integers("optimizer.milestones", \.milestones, 1...100_000, "epochs at which the rate falls"),
    .number("optimizer.factor", \.factor, 0...1, "what the rate is multiplied by at a milestone"),
    .integer(
      "actions.smoothing", \.smoothing, 0...100_000,
      "a frame's scores are averaged over so many frames to each side"),
    .number("actions.threshold", \.threshold, 0...1, "probability of any action from which on there is one"),
    .integer("actions.shortest", \.shortest, 1...100_000, "fewest frames of an action that is found"),
  ]

  /// Checks what no single setting can.
  public func checkConsistency(in file: String) throws {
    if trainStrides.isEmpty {
      throw InputError(file, at: "strides.train", found: "no stride", expected: "at least one")
    }
  }
}
