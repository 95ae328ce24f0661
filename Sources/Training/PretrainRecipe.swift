import Batches
import Models
import NN
import Recipes
import Skeleton

/// Everything that decides what a pre-training run computes. The defaults are the published PCM3++ schedule.
public struct PretrainRecipe: RecipeSettings {
  /// The seed of every draw.
  public var seed = 42
  /// Samples in a batch; the last, incomplete batch of an epoch is left out.
  public var batch = 128
  /// Passes over the data in the first stage.
  public var epochs = 451
  /// What the encoder learns from.
  public var method = Method.pcm3pp
  /// The streams that CMD has an encoder for.
  public var streams: [SkeletonStream] = [.joint, .motion, .bone]
  /// How batches are made.
  public var views = ContrastiveViews()
  /// The sizes of the model, and the parts of PCM3++.
  public var model = PCM3PlusPlusSettings()
  /// Whether the autoencoder's decoder stays as it is drawn.
  public var fixedDecoder = true
  /// What moves the parameters.
  public var optimizer = OptimizerSettings()
  /// The longest that all gradients together may be; 0 for no limit.
  public var clip: Float = 0
  /// The learning rate at the start.
  public var rate: Float = 0.02
  /// How the learning rate falls in the first stage.
  public var schedule = RateSchedule.step
  /// The learning rate at which the cosine ends.
  public var finalRate: Float = 0
  /// Epochs before which the rate is multiplied by `factor`.
  public var milestones = [351]
  /// What the rate is multiplied by.
  public var factor: Float = 0.1
  /// Epochs over which the rate rises to its first value.
  public var warmup = 0
  /// Passes over the data in the second stage, which leaves InfoNCE out.
  public var distillationEpochs = 150
  /// The learning rate of the second stage.
  public var distillationRate: Float = 0.002
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

  /// The published settings.
  public init() {}

  /// The recipe's kind.
  public static let kind = "pretrain"

  /// What the recipe is for.
  public static let summary = "Self-supervised pre-training: PCM3++, its parts and its relatives."

  /// All settings with their ranges.
  public static let settings: [Setting<PretrainRecipe>] = [
    .integer("seed", \.seed, 0...Int(Int32.max), "the seed of every random draw"),
    .integer("batch", \.batch, 2...65536, "samples in a batch"),
    .integer("epochs", \.epochs, 0...100_000, "passes over the data in the first stage"),
    .choice("method", \.method, "what the encoder learns from"),
    .choices("streams", \.streams, "what each of CMD's encoders reads; a lone one learns from its own keys"),
    .choice("views.stream", \.views.stream, "what is read from a skeleton"),
    .integer("views.frames", \.views.frameCount, 16...1024, "frames of every view, a multiple of 16"),
    .range("views.crop", \.views.crop, 0.01...1, "length of the temporal crop, as a share of the sample"),
    .number(
      "views.corruption", \.views.corruption, 0...1, "chance that joints are corrupted instead of sheared"),
    .number("views.mask_ratio", \.views.maskRatio, 0.2...0.8, "share of body parts hidden in each segment"),
    .range("views.clip", \.views.clipShare, 0.01...1, "length of the clip view, as a share of the frames"),
    .choice("views.clip_layout", \.views.clipLayout, "where the clip stands in its view"),
    .integer("encoder.hidden", \.model.encoder.hidden, 1...8192, "units of each direction of each layer"),
    .integer("encoder.layers", \.model.encoder.layers, 1...16, "recurrent layers"),
    .choice(
      "encoder.mode", \.model.encoder.mode,
      "stepwise carries both directions forward in time, as in the published models"),
    .integer("projection", \.model.projection, 2...4096, "numbers in an embedding"),
    .integer("decoder.hidden", \.model.decoder, 1...8192, "units of the decoder"),
    .flag("decoder.fixed", \.fixedDecoder, "whether the autoencoder's decoder stays as it is drawn"),
    .choices(
      "positives", \.model.positives,
      "views that are compared with the keys: the whole sequence, masked, as predicted, mixed, a clip of it"),
    .flag("guidance", \.model.guidance, "whether contrast of the predicted view reaches the decoder"),
    .flag("prompts.view", \.model.viewPrompts, "whether every view has a prompt, added to its frames"),
    .flag("prompts.task", \.model.taskPrompts, "whether contrast and prediction have prompts, as in PCM3"),
    .integer("queue", \.model.queue, 2...1_048_576, "keys in the queue, a multiple of the batch"),
    .number("temperature.contrast", \.model.contrastTemperature, 0.001...10, "temperature of InfoNCE"),
    .number(
      "temperature.student", \.model.studentTemperature, 0.001...10,
      "temperature of the query in distillation"),
    .number(
      "temperature.teacher", \.model.teacherTemperature, 0.001...10, "temperature of the key in distillation"),
    .number(
      "nearest", \.model.nearest, 0.0001...1,
      "share of the queue that distillation compares, the keys most similar to the teacher"),
    .number(
      "weight.distillation", \.model.distillationWeight, 0...1000,
      "weight of the distillation loss; 0 for none"),
    .number(
      "weight.prediction", \.model.predictionWeight, 0...1000, "weight of masked prediction; 0 for none"),
    .number("key_momentum", \.model.keyMomentum, 0...1, "how much of the key branch stays in a step"),
    .choice("optimizer.kind", \.optimizer.kind, "what moves the parameters"),
    .number("optimizer.rate", \.rate, 0...10, "learning rate at the start"),
    .number("optimizer.momentum", \.optimizer.momentum, 0...0.9999, "momentum of SGD"),
    .flag("optimizer.nesterov", \.optimizer.nesterov, "whether SGD looks ahead along its momentum"),
    .number("optimizer.beta1", \.optimizer.beta1, 0...0.9999, "how much of the mean gradient stays in Adam"),
    .number(
      "optimizer.beta2", \.optimizer.beta2, 0...0.999999,
      "how much of the mean squared gradient stays in Adam"),
    .number(
      "optimizer.epsilon", \.optimizer.epsilon, 1e-12...1,
      "what Adam adds to the root of the mean squared gradient"),
    .number("optimizer.weight_decay", \.optimizer.weightDecay, 0...1, "weight decay, on every parameter"),
    .number(
      "optimizer.clip", \.clip, 0...1_000_000,
      "the longest that all gradients together may be; 0 for no limit"),
    .choice(
      "optimizer.schedule", \.schedule, "how the rate falls: step at the milestones, cosine to final_rate"),
    .number("optimizer.final_rate", \.finalRate, 0...10, "learning rate at which the cosine ends"),
    .integers("optimizer.milestones", \.milestones, 1...100_000, "epochs at which the rate falls"),
    .number("optimizer.factor", \.factor, 0...1, "what the rate is multiplied by at a milestone"),
    .integer(
      "optimizer.warmup", \.warmup, 0...100_000, "epochs over which the rate rises to its first value"),
    .integer(
      "distillation.epochs", \.distillationEpochs, 0...100_000,
      "passes over the data in the second stage, without InfoNCE"),
    .number("distillation.rate", \.distillationRate, 0...10, "learning rate of the second stage"),
    .number(
      "checkpoint.minutes", \.checkpointMinutes, 0...100_000,
      "minutes between two checkpoints in the middle of an epoch; 0 makes none there"),
    .integer("checkpoint.keep", \.keep, 1...1000, "newest checkpoints that a run can go on from"),
    .integer(
      "checkpoint.keep_every", \.keepEvery, 0...100_000,
      "epochs between two checkpoints that stay beside the newest; 0 keeps none"),
    .flag(
      "checkpoint.best", \.keepsBest,
      "whether the best epoch's model is kept as best.safetensors: by the probe, or without one by the loss"),
    .choice(
      "checkpoint.on_divergence", \.onDivergence,
      "what a loss of a million times its start does: stop ends the run before the step, warn goes on"),
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
    .integer("loader.workers", \.workers, 1...64, "threads that make batches"),
  ]

  /// What happens when the loss has grown beyond hope.
  public enum OnDivergence: String, CaseIterable, Sendable {
    /// The run goes on, and only says so.
    case warn
    /// The run ends before the step is taken.
    case stop
  }

  /// Whether a run of this recipe can be gone on with by another one: all settings but those of checkpoints and of
  /// the threads that make batches are the same.
  public func computesTheSame(as other: PretrainRecipe) -> Bool {
    var alike = other
    alike.checkpointMinutes = checkpointMinutes
    alike.keep = keep
    alike.keepEvery = keepEvery
    alike.workers = workers
    alike.onDivergence = onDivergence
    return alike == self
  }

  /// The number of all epochs, of both stages.
  public var totalEpochs: Int { epochs + distillationEpochs }

  /// Whether an epoch, from 0, belongs to the second stage.
  public func isDistillation(_ epoch: Int) -> Bool { epoch >= epochs }
}
