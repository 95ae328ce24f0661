import Batches
import NN
import TensorCore

/// A way to learn an encoder from sequences without labels: what a pre-training run calls for every batch.
public protocol PretrainingMethod {
  /// What a batch gives.
  associatedtype Step: PretrainingStep
  /// All parameters; the encoder's are below `encoder_q`.
  var store: ParameterStore { get }
  /// Called before every step: moves what follows the parameters that learn.
  func updateKeyBranch()
  /// The losses of a batch and their gradients.
  ///
  /// - Parameters:
  ///   - batch: the views.
  ///   - queue: keys of batches before.
  ///   - contrast: false in a second stage that learns from distillation alone.
  func step(_ batch: ContrastiveBatch, queue: FeatureQueue, contrast: Bool) -> Step
}

/// What a run wants to know of a step.
public protocol PretrainingStep: Sendable {
  /// The loss.
  var loss: Float { get }
  /// What it was made of, before weights, by the names of the log's columns: `nce_base`, `mse`.
  var terms: [String: Float] { get }
  /// Keys, (N, D), to be queued after the step; N may be 0.
  var keys: Tensor { get }
  /// The gradient of the loss by every trainable parameter.
  var gradients: Gradients { get }
}
