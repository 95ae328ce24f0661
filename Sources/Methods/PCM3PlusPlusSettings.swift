import Batches
import Encoders
import NN
import Recipes
import Skeleton

/// The parts, sizes and weights of PCM3++. Defaults are the published ones.
///
/// Its relatives are settings of it: contrast of whole sequences as MoCo's, PCM3, masked prediction alone, and every
/// row of the paper's Tables 3 and 4. A part that is off is not computed, and its parameters do not exist.
public struct PCM3PlusPlusSettings: MethodSettings {
  /// How the views of a batch are made.
  public var views = PCM3PlusPlusViews.Settings()
  /// The views that are compared with the keys (equation 7); none for masked prediction alone.
  public var positives = PCM3PlusPlus.View.allCases
  /// Whether contrast of the predicted view reaches the decoder: semantic guidance, section 3.4.
  public var guidance = true
  /// Whether every view has a prompt, which is added to its frames (equation 9).
  public var viewPrompts = true
  /// Whether contrast and prediction have prompts, which are added to their features: PCM3 has, PCM3++ has not.
  public var taskPrompts = false
  /// Numbers in an embedding.
  public var projection = 128
  /// Units of the decoder.
  public var decoder = 512
  /// Keys in the queue, a multiple of the batch size.
  public var queue = 16384
  /// How much of the key branch stays in a step.
  public var keyMomentum: Float = 0.999
  /// How views are contrasted and distilled.
  public var contrast = ContrastSettings()
  /// The weight of InfoNCE; post-distillation leaves it out (equation 10).
  public var contrastWeight: Float = 1
  /// λ₁, the weight of distillation; PCM3's code has 1. There is no distillation at 0.
  public var distillationWeight: Float = 1
  /// λ₂, the weight of masked prediction; PCM3's code has 40. There is no prediction at 0.
  public var predictionWeight: Float = 40

  /// The published settings.
  public init() {}

  /// The method's name.
  public static let kind = "pcm3pp"
  /// What it is.
  public static let summary = "PCM3++, what its settings leave of it, and PCM3."
  /// Its settings.
  public static let settings: [Setting<PCM3PlusPlusSettings>] =
    Setting.group("views", \.views, PCM3PlusPlusViews.Settings.settings) + [
      .choices(
        "positives", \.positives,
        "views that are compared with the keys: the whole sequence, masked, as predicted, mixed, a clip of it"
      ),
      .flag("guidance", \.guidance, "whether contrast of the predicted view reaches the decoder"),
      .flag("prompts.view", \.viewPrompts, "whether every view has a prompt, added to its frames"),
      .flag("prompts.task", \.taskPrompts, "whether contrast and prediction have prompts, as in PCM3"),
      .integer("projection", \.projection, 2...4096, "numbers in an embedding"),
      .integer("decoder.hidden", \.decoder, 1...8192, "units of the decoder"),
      .integer("queue", \.queue, 2...1_048_576, "keys in the queue, a multiple of the batch"),
      .number("key_momentum", \.keyMomentum, 0...1, "how much of the key branch stays in a step"),
    ] + Setting.group("", \.contrast, ContrastSettings.settings) + [
      .number(
        "weight.contrast", \.contrastWeight, 0...1000,
        "weight of InfoNCE; 0 for none, as in post-distillation"),
      .number(
        "weight.distillation", \.distillationWeight, 0...1000,
        "weight of the distillation loss; 0 for none"),
      .number(
        "weight.prediction", \.predictionWeight, 0...1000, "weight of masked prediction; 0 for none"),
    ]

  /// Whether hidden coordinates are predicted, to learn from the error or to encode the prediction.
  var predicts: Bool { predictionWeight > 0 || positives.contains(.recons) }

  /// The views that an encoder reads. Keys are prompted like the base view.
  var encoded: [PCM3PlusPlus.View] {
    PCM3PlusPlus.View.allCases.filter { view in
      switch view {
      case .base: !positives.isEmpty
      case .mask: positives.contains(.mask) || predicts
      case .recons, .mix, .clip: positives.contains(view)
      }
    }
  }

  /// Refuses parts that contradict each other.
  public func checkConsistency(in file: String) throws {
    let shown = "[" + positives.map(\.rawValue).joined(separator: ", ") + "]"
    guard Set(positives).count == positives.count else {
      throw InputError(file, at: "method.positives", found: shown, expected: "each view once")
    }
    guard !positives.isEmpty || predictionWeight > 0 else {
      throw InputError(
        file, at: "method.positives", found: "no view, and method.weight.prediction is 0",
        expected: "a view to compare or a prediction to learn from")
    }
    guard positives.isEmpty || contrastWeight > 0 || distillationWeight > 0 || predictionWeight > 0 else {
      throw InputError(
        file, at: "method.weight.distillation", found: "0, as method.weight.contrast is",
        expected: "a weight above 0", hint: "post-distillation learns from distillation alone")
    }
    guard predictionWeight > 0 || guidance || !positives.contains(.recons) else {
      throw InputError(
        file, at: "method.positives", found: "recons, of a decoder that never learns",
        expected: "method.weight.prediction above 0, or guidance: true")
    }
  }

  /// Refuses clips and batches that its views and its queue cannot be made of, and encoders without frames.
  public func check(_ around: MethodSurroundings, in file: String) throws {
    guard around.frames.isMultiple(of: 16) else { throw InputError.frames(around.frames, in: file) }
    guard positives.isEmpty || queue.isMultiple(of: around.batch) else {
      throw InputError.queue(queue, batch: around.batch, in: file)
    }
    guard taskPrompts else { return }
    let size = around.encoder.settings as? GRUEncoderSettings
    guard let size, size.mode != .forward, size.hidden >= 8 else {
      throw InputError(
        file, at: "method.prompts.task", found: "true", expected: "false with this encoder",
        hint: "such prompts are an eighth of each of two directions of at least 8 units")
    }
  }
}
