import Kernels
import TensorCore

/// Stochastic gradient descent with momentum, as PyTorch's:
///
///     d = gradient + weightDecay p
///     m = momentum m + d, at the first step m = d
///     p = p - rate m, or with Nesterov's look ahead p = p - rate (d + momentum m)
public struct SGD: Optimizer {
  /// The rate of steps that name none.
  public var learningRate: Float
  /// How much of the last step's direction stays.
  public let momentum: Float
  /// How strongly parameters are drawn to zero.
  public let weightDecay: Float
  /// Whether biases and other vectors are drawn to zero too.
  public let decaysVectors: Bool
  /// Whether the gradient counts once more after the momentum.
  public let nesterov: Bool
  /// The directions m, by parameter name.
  public var momentumBuffers: [String: Tensor] = [:]

  /// The directions.
  public var remembers: [StateName] { [.momentum] }

  /// The directions m as `momentum.` and the parameter's name.
  public var state: [String: Tensor] {
    get { StateName.momentum.state(momentumBuffers) }
    set { momentumBuffers = StateName.momentum.values(newValue) }
  }

  /// An optimizer that has made no step yet.
  public init(
    learningRate: Float, momentum: Float = 0.9, weightDecay: Float = 1e-4, decaysVectors: Bool = true,
    nesterov: Bool = false
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    (self.weightDecay, self.decaysVectors) = (weightDecay, decaysVectors)
    self.nesterov = nesterov
  }

  /// Moves each trainable parameter that has a gradient, at the optimizer's own rate.
  public mutating func step(parameters: [Parameter], gradients: Gradients) {
    step(parameters: parameters, gradients: gradients, rate: learningRate)
  }

  /// Moves each trainable parameter that has a gradient.
  public mutating func step(parameters: [Parameter], gradients: Gradients, rate: Float, scale: Float = 1) {
    for parameter in parameters where parameter.isTrainable {
      guard let gradient = gradients[parameter.value] else { continue }
      let shape = parameter.value.shape
      let buffer = momentumBuffers[parameter.name]
      precondition(
        buffer.map { $0.shape == shape } ?? true,
        "momentum of shape \(buffer?.shape ?? []) for \(parameter.name) of shape \(shape)")
      let (value, direction) = Kernels.descend(
        parameter.value.storage, gradient: gradient.storage, scale: scale, momentum: buffer?.storage,
        rate: rate, momentum: momentum, decay: parameter.decay(weightDecay, ofVectors: decaysVectors),
        nesterov: nesterov)
      parameter.value = Tensor(value, shape: shape)
      momentumBuffers[parameter.name] = Tensor(direction, shape: shape)
    }
  }
}
