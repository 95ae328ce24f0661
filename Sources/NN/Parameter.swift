import TensorCore

/// A named tensor that training changes: a weight that learns, a weight that follows another, or a running
/// statistic.
///
/// A class, since layers, optimizers and checkpoints mean the same one. It belongs to the task that trains.
public final class Parameter {
  /// Where it stands in the model: `encoder.gru.weight_ih_l0`.
  public let name: String
  /// A running statistic, which no optimizer and no momentum teacher touches.
  public let isBuffer: Bool
  /// Whether gradients flow to it.
  public var isTrainable: Bool {
    didSet { stored = isTrainable ? stored.asVariable() : stored.detached() }
  }
  private var stored: Tensor

  /// Its numbers: a variable while it is trainable, else a constant.
  public var value: Tensor {
    get { stored }
    set {
      precondition(
        newValue.shape == stored.shape, "\(name) has the shape \(stored.shape), not \(newValue.shape)")
      stored = isTrainable ? newValue.asVariable() : newValue.detached()
    }
  }

  init(name: String, value: Tensor, isBuffer: Bool) {
    self.name = name
    self.isBuffer = isBuffer
    isTrainable = !isBuffer
    stored = isBuffer ? value.detached() : value.asVariable()
  }
}
