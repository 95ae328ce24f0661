import TensorCore

/// What moves parameters along their gradients.
public protocol Optimizer: Sendable {
  /// All that it remembers between steps, as named tensors: with the parameters, all that a checkpoint needs.
  ///
  /// The names are `momentum.` and the like, and the parameter's name. An optimizer that gets the state of another
  /// of the same settings goes on as that one would, to the bit.
  var state: [String: Tensor] { get set }

  /// Which kinds of tensors it remembers of a parameter.
  var remembers: [StateName] { get }

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
  /// Whether biases and other vectors, those of normalizations among them, are drawn to zero too.
  public var decaysVectors = true

  /// The published settings.
  public init() {}

  /// An optimizer that has made no step yet.
  public func optimizer() -> any Optimizer {
    switch kind {
    case .sgd:
      SGD(
        learningRate: 0, momentum: momentum, weightDecay: weightDecay, decaysVectors: decaysVectors,
        nesterov: nesterov)
    case .adam, .adamw:
      Adam(
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, decaysVectors: decaysVectors,
        isDecoupled: kind == .adamw)
    }
  }
}

extension Optimizer {
  /// What of a state this optimizer could not go on from, for parameters of these names and shapes; nil for a state
  /// that can be set.
  ///
  /// A parameter that had no gradient yet has no state, and one that has some has all of it.
  public func fault(of state: [String: Tensor], for parameters: [Parameter]) -> StateFault? {
    let shapes = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value.shape) })
    for (name, tensor) in state.sorted(by: { $0.key < $1.key }) {
      let parts = name.split(separator: ".", maxSplits: 1)
      guard let kind = remembers.first(where: { $0.rawValue == parts[0] }), parts.count == 2,
        let shape = shapes[String(parts[1])]
      else {
        return StateFault(
          name: name, found: "an array that is not expected", expected: "what the optimizer remembers")
      }
      let expected = kind == .steps ? [1] : shape
      guard tensor.shape == expected else {
        return StateFault(name: name, found: "shape \(tensor.shape)", expected: "\(expected)")
      }
      guard let found = tensor.values.first(where: { !kind.allows($0) }) else { continue }
      return StateFault(name: name, found: "\(found)", expected: kind.allowed)
    }
    for parameter in parameters {
      let own = remembers.map { "\($0.rawValue).\(parameter.name)" }
      guard let missing = own.first(where: { state[$0] == nil }), own.contains(where: { state[$0] != nil })
      else {
        continue
      }
      return StateFault(name: missing, found: "no such array", expected: "shape \(parameter.value.shape)")
    }
    return nil
  }
}

/// What is wrong with an optimizer's state.
public struct StateFault: Equatable, Sendable {
  /// The tensor: `momentum.` and the like, and the parameter's name.
  public let name: String
  /// What is there.
  public let found: String
  /// What should be.
  public let expected: String
}

extension Parameter {
  /// The weight decay of this parameter: none of a tensor of one axis or a bias, unless vectors have theirs too.
  func decay(_ weightDecay: Float, ofVectors: Bool) -> Float {
    ofVectors || (value.shape.count > 1 && !name.hasSuffix(".bias")) ? weightDecay : 0
  }
}

/// How a kind of tensors is named in an optimizer's state: its own name, a dot, the parameter's name.
public enum StateName: String, Sendable {
  /// A direction, or a mean of them.
  case momentum
  /// The mean gradient.
  case first
  /// The mean squared gradient.
  case second
  /// How many steps were made.
  case steps

  /// Whether the number can be in such a tensor.
  func allows(_ value: Float) -> Bool {
    switch self {
    case .momentum, .first: value.isFinite
    case .second: value.isFinite && value >= 0
    case .steps: (1...0x1p24).contains(value) && value == value.rounded()
    }
  }

  /// The numbers that ``allows(_:)`` allows.
  var allowed: String {
    switch self {
    case .momentum, .first: "finite numbers"
    case .second: "finite numbers from 0"
    case .steps: "a whole number in 1...16777216"
    }
  }

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
