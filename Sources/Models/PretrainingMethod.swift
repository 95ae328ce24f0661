import Batches
import NN
import TensorCore

/// A way to learn an encoder from sequences without labels: what a pre-training run calls for every batch.
public protocol PretrainingMethod {
  /// What a batch gives.
  associatedtype Step: PretrainingStep
  /// All parameters; the encoder's are below `encoder_q`.
  var store: ParameterStore { get }
  /// The names of the queues of keys that a step reads, which start as random directions: `queue`.
  var queues: [String] { get }
  /// The names of all terms that a step may have, in the order of the log's columns.
  var terms: [String] { get }
  /// Called before every step: moves what follows the parameters that learn.
  func updateKeyBranch()
  /// The losses of a batch and their gradients.
  ///
  /// - Parameters:
  ///   - batch: the views.
  ///   - queues: keys of batches before, a queue for each of ``queues``.
  ///   - contrast: false in a second stage that learns from distillation alone.
  ///   - stop: asked between views, forward and backward. Once it says true the rest of the step is left out, and what
  ///     is returned is nothing to learn from.
  func step(_ batch: ContrastiveBatch, queues: [FeatureQueue], contrast: Bool, stop: () -> Bool) -> Step
  /// What the encoder makes of sequences when it is evaluated, (N, T, 150) to (N, features); no gradient flows back.
  func features(_ sequences: Tensor) -> Tensor
}

/// What a run wants to know of a step.
public protocol PretrainingStep: Sendable {
  /// The loss.
  var loss: Float { get }
  /// What it was made of, before weights, by the names of the log's columns: `nce_base`, `mse`.
  var terms: [String: Float] { get }
  /// Keys, (N, D), for each queue, to be queued after the step; N may be 0.
  var queued: [Tensor] { get }
  /// The gradient of the loss by every trainable parameter.
  var gradients: Gradients { get }
}
