/// The sizes, weights and parts of PCM3++. Defaults are the published ones.
///
/// Its relatives are settings of it: contrast of whole sequences as MoCo's, PCM3, masked prediction alone, and every
/// row of the paper's Tables 3 and 4. A part that is off is not computed, and its parameters do not exist.
public struct PCM3PlusPlusSettings: Sendable, Equatable {
  /// The encoder, of which the key branch has a copy.
  public var encoder = GRUEncoderSettings()
  /// Numbers in an embedding.
  public var projection = 128
  /// Units of the decoder.
  public var decoder = 512
  /// Keys in the queue, a multiple of the batch size.
  public var queue = 16384
  /// The views that are compared with the keys (equation 7); none for masked prediction alone.
  public var positives = PCM3PlusPlus.View.allCases
  /// Whether contrast of the predicted view reaches the decoder: semantic guidance, section 3.4.
  public var guidance = true
  /// Whether every view has a prompt, which is added to its frames (equation 9).
  public var viewPrompts = true
  /// Whether contrast and prediction have prompts, which are added to their features: PCM3 has, PCM3++ has not.
  public var taskPrompts = false
  /// Temperature of InfoNCE.
  public var contrastTemperature: Float = 0.07
  /// Temperature of the query's similarities in distillation.
  public var studentTemperature: Float = 0.1
  /// Temperature of the key's similarities in distillation.
  public var teacherTemperature: Float = 0.05
  /// How much of the queue distillation compares: the keys most similar to the teacher. CMD takes half, PCM3 all.
  public var nearest: Float = 1
  /// λ₁, the weight of distillation; PCM3's code has 1. There is no distillation at 0.
  public var distillationWeight: Float = 1
  /// λ₂, the weight of masked prediction; PCM3's code has 40. There is no prediction at 0.
  public var predictionWeight: Float = 40
  /// How much of the key branch stays in a step.
  public var keyMomentum: Float = 0.999

  /// The published settings.
  public init() {}

  /// The keys of a queue that distillation compares.
  func taughtCount(of queue: Int) -> Int { min(max(Int((Float(queue) * nearest).rounded()), 1), queue) }

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
}
