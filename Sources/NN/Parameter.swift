import TensorCore

/// A named tensor that training changes.
///
/// A class, since layers, optimizers and checkpoints mean the same one. It belongs to the task that trains.
public final class Parameter {
  /// Who changes a parameter, and where it is kept.
  public enum Role: Sendable {
    /// The optimizer changes it, or nobody where it is not trainable. In checkpoints.
    case weight
    /// A layer follows batches with it in training passes. In checkpoints.
    case statistic
    /// The method remembers by it what it has seen: a queue, prototypes. In states, which only going on needs.
    case memory
  }

  /// Which numbers it has.
  public enum Number: Sendable {
    /// Any numbers.
    case real
    /// Whole ones, which files keep as 64-bit integers.
    case whole
    /// Whole ones from 0, all below a limit: rows of something.
    case row(below: Int)
  }

  /// Where it stands in the model: `encoder.gru.weight_ih_l0`.
  public let name: String
  /// Who changes it.
  public let role: Role
  /// Which numbers it has.
  public let number: Number
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

  /// Whether it has any numbers, not only whole ones.
  public var isReal: Bool { if case .real = number { true } else { false } }

  init(name: String, value: Tensor, role: Role, number: Number = .real) {
    (self.name, self.role, self.number) = (name, role, number)
    isTrainable = role == .weight
    stored = isTrainable ? value.asVariable() : value.detached()
  }
}
