import Batches
import Encoders
import Methods
import NN
import Recipes
import Skeleton

/// Everything that decides what a pre-training run computes.
///
/// The method's own constants are the published ones by default; batch, epochs, encoder and optimizer of a paper stand in
/// its file in `pipelines/pretrain`. Without a file they are PCM3++'s.
public struct PretrainRecipe: RecipeSettings {
  /// The seed of every draw.
  public var seed = 42
  /// Samples in a batch; the last, incomplete batch of an epoch is left out.
  public var batch = 128
  /// Passes over the data in the first stage.
  public var epochs = 451
  /// What encoders read.
  public var input = InputSettings()
  /// The encoder.
  public var encoder = Variant<EncoderFamily>()
  /// What the encoder learns from.
  public var method = Variant<MethodFamily>()
  /// What the method's first encoder is asked beside.
  public var tasks: [Variant<ContextTaskFamily>] = []
  /// What moves the parameters.
  public var optimizer = OptimizerSettings()
  /// How the learning rate changes.
  public var rates = RateSettings()
  /// The longest that all gradients together may be; 0 for no limit.
  public var gradientLimit: Float = 0
  /// The stages behind the first.
  public var stages: [TrainingStage] = []
  /// Minutes between two checkpoints in the middle of an epoch.
  public var checkpointMinutes: Float = 15
  /// Newest checkpoints that a run can go on from.
  public var keep = 2
  /// Epochs between two checkpoints that are kept beside the newest.
  public var keepEvery = 50
  /// Whether the model of the best epoch is kept as well.
  public var keepsBest = false
  /// What happens when the loss has grown beyond hope.
  public var onDivergence = OnDivergence.stop
  /// When and how a run looks how good its features are.
  public var probe = ProbeSettings()
  /// Mebibytes of decoded frames that are kept in memory.
  public var memory = 4096
  /// Threads that make batches.
  public var workers = 1

  /// PCM3++ at its published sizes.
  public init() {}

  /// The recipe's kind.
  public static let kind = "pretrain"

  /// What the recipe is for.
  public static let summary = "Self-supervised pre-training of an encoder by a method."

  /// All settings with their ranges.
  public static let settings: [Setting<PretrainRecipe>] =
    [
      .integer("seed", \.seed, 0...Int(Int32.max), "the seed of every random draw"),
      .integer("batch", \.batch, 2...65536, "samples in a batch"),
      .integer("epochs", \.epochs, 0...100_000, "passes over the data in the first stage"),
    ] + Setting.group("input", \.input, InputSettings.settings) + [
      .variant("encoder", \.encoder, "what reads sequences"),
      .variant("method", \.method, "what the encoder learns from"),
      .variants(
        "tasks", \.tasks,
        "questions about clips that the encoder learns from beside the method, or alone with context"),
    ] + Setting.group("optimizer", \.optimizer, OptimizerSettings.settings) + [
      .number(
        "optimizer.clip", \.gradientLimit, 0...1_000_000,
        "the longest that all gradients together may be; 0 for no limit")
    ] + Setting.group("optimizer", \.rates, RateSettings.settings) + [
      .items(
        "stages", \.stages, "what follows: a number of epochs, and the settings that are other ones in them")
    ] + keeping

  /// The settings that change no result.
  private static let keeping: [Setting<PretrainRecipe>] = [
    Setting.number(
      "checkpoint.minutes", \.checkpointMinutes, 0...100_000,
      "minutes between two checkpoints in the middle of an epoch; 0 makes none there"
    ).changingNoResult,
    Setting.integer("checkpoint.keep", \.keep, 1...1000, "newest checkpoints that a run can go on from")
      .changingNoResult,
    Setting.integer(
      "checkpoint.keep_every", \.keepEvery, 0...100_000,
      "epochs between two checkpoints that stay beside the newest; 0 keeps none"
    ).changingNoResult,
    .flag(
      "checkpoint.best", \.keepsBest,
      "whether the best epoch's model is kept as best.safetensors: by the probe, or without one by the loss"),
    Setting.choice(
      "checkpoint.on_divergence", \.onDivergence,
      "what a loss of a million times its start does: stop ends the run before the step, warn goes on"
    ).changingNoResult,
    .integer(
      "probe.every", \.probe.every, 0...100_000,
      "epochs between two looks at the 1-NN accuracy of the features; 0 for none"),
    .choice(
      "probe.part", \.probe.part,
      "side whose samples are asked about: held-out training samples, or the test side, which then is no test any more"
    ),
    .number(
      "probe.share", \.probe.share, 0.001...0.9, "share of the training samples that the probe holds out"),
    .integer("probe.samples", \.probe.samples, 2...10_000_000, "samples that the probe encodes at most"),
    .integer("loader.memory", \.memory, 1...1_048_576, "MiB of decoded frames kept in memory"),
    Setting.integer("loader.workers", \.workers, 1...64, "threads that make batches").changingNoResult,
  ]

  /// What happens when the loss has grown beyond hope.
  public enum OnDivergence: String, CaseIterable, Sendable {
    /// The run goes on, and only says so.
    case warn
    /// The run ends before the step is taken.
    case stop
  }
}

/// What encoders read.
public struct InputSettings: Sendable, Equatable {
  /// The stream that encoders read where their method does not say otherwise.
  public var stream = SkeletonStream.joint
  /// Frames of a clip, T.
  public var frames = 64

  /// 64 frames of joints.
  public init() {}

  static let settings: [Setting<InputSettings>] = [
    .choice("stream", \.stream, "what is read from a skeleton"),
    .integer("frames", \.frames, 2...1024, "frames of every clip"),
  ]
}
