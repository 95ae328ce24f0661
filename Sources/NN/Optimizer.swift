import TensorCore

/// What moves parameters along their gradients.
public protocol Optimizer: Sendable {
  /// All that it remembers between steps, as named tensors: with the parameters, all that a checkpoint needs.
  ///
  /// The names are `momentum.` and the like, and the parameter's name. An optimizer that gets the state of another
  /// of the same settings goes on as that one would, to the bit.
  var state: [String: Tensor] { get set }

  /// Moves each trainable parameter that has a gradient; what has none stays, and so does its state.
  ///
  /// - Parameters:
  ///   - rate: the learning rate of the step.
  ///   - scale: what every gradient is multiplied by first, as ``clippingScale(_:of:to:)`` gives it.
  mutating func step(parameters: [Parameter], gradients: Gradients, rate: Float, scale: Float)
}

/// Which optimizer, and its numbers. Defaults are those that PCM3 was published with.
public struct OptimizerSettings: Sendable, Equatable {
  /// The kinds of optimizers.
  public enum Kind: String, CaseIterable, Sendable {
    /// Stochastic gradient descent with momentum.
    case sgd
    /// Adam, whose weight decay is a part of the gradient.
    case adam
    /// Adam, whose weight decay shrinks parameters beside the gradient.
    case adamw
  }

  /// The kind.
  public var kind = Kind.sgd
  /// SGD: how much of the last step's direction stays.
  public var momentum: Float = 0.9
  /// SGD: whether the gradient counts once more after the momentum.
  public var nesterov = false
  /// Adam: how much of the mean gradient stays.
  public var beta1: Float = 0.9
  /// Adam: how much of the mean squared gradient stays.
  public var beta2: Float = 0.999
  /// Adam: what is added to the root of the mean squared gradient.
  public var epsilon: Float = 1e-8
  /// How strongly parameters are drawn to zero.
  public var weightDecay: Float = 1e-4

  /// The published settings.
  public init() {}

  /// An optimizer that has made no step yet.
  public func optimizer() -> any Optimizer {
    switch kind {
    case .sgd: SGD(learningRate: 0, momentum: momentum, weightDecay: weightDecay, nesterov: nesterov)
    case .adam, .adamw:
      Adam(
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, isDecoupled: kind == .adamw)
    }
  }
}

/// How a kind of tensors is named in an optimizer's state: its own name, a dot, the parameter's name.
enum StateName: String {
  case momentum
  case first
  case second
  case steps

  /// Tensors by parameter name as a part of a state.
  func state(_ values: [String: Tensor]) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: values.map { ("\(rawValue).\($0.key)", $0.value) })
  }

  /// The part of a state by parameter name.
  func values(_ state: [String: Tensor]) -> [String: Tensor] {
    let prefix = rawValue + "."
    let own = state.filter { $0.key.hasPrefix(prefix) }
    return Dictionary(uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }
}
