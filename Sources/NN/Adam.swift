import Foundation
import Kernels
import TensorCore

/// Adam and AdamW, as PyTorch's. At step t, counted from 1 for each parameter:
///
///     d = gradient + weightDecay p                                (Adam)
///     p = p - rate weightDecay p                                  (AdamW; d is the gradient)
///     m = β₁ m + (1 - β₁) d
///     v = β₂ v + (1 - β₂) d²
///     p = p - rate / (1 - β₁ᵗ) m / (√(v / (1 - β₂ᵗ)) + ε)
///
/// Kingma and Ba, "Adam: a method for stochastic optimization", 2015; Loshchilov and Hutter, "Decoupled weight decay
/// regularization", 2019.
public struct Adam: Optimizer {
  /// How much of the mean gradient stays.
  public let beta1: Float
  /// How much of the mean squared gradient stays.
  public let beta2: Float
  /// What is added to the root of the mean squared gradient.
  public let epsilon: Float
  /// How strongly parameters are drawn to zero.
  public let weightDecay: Float
  /// Whether biases and other vectors are drawn to zero too.
  public let decaysVectors: Bool
  /// Whether weight decay stays out of the gradient: AdamW.
  public let isDecoupled: Bool
  private var moments: [String: (first: Tensor, second: Tensor)] = [:]
  private var steps: [String: Int] = [:]

  /// An optimizer that has made no step yet.
  public init(
    beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0,
    decaysVectors: Bool = true, isDecoupled: Bool = false
  ) {
    (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
    (self.weightDecay, self.decaysVectors, self.isDecoupled) = (weightDecay, decaysVectors, isDecoupled)
  }

  /// Both moments, and the steps.
  public var remembers: [StateName] { [.first, .second, .steps] }

  /// m as `first.`, v as `second.` and t as `steps.` and the parameter's name; t is exact below 2²⁴ steps.
  public var state: [String: Tensor] {
    get {
      var state = StateName.first.state(moments.mapValues(\.first))
      state.merge(StateName.second.state(moments.mapValues(\.second))) { $1 }
      state.merge(StateName.steps.state(steps.mapValues { Tensor([Float($0)], shape: [1]) })) { $1 }
      return state
    }
    set {
      let second = StateName.second.values(newValue)
      moments = [:]
      for (name, first) in StateName.first.values(newValue) {
        guard let second = second[name] else {
          preconditionFailure("\(name) has one moment without the other")
        }
        moments[name] = (first, second)
      }
      steps = StateName.steps.values(newValue).mapValues { Int($0.scalar) }
    }
  }

  /// Moves each trainable parameter that has a gradient.
  public mutating func step(parameters: [Parameter], gradients: Gradients, rate: Float, scale: Float = 1) {
    for parameter in parameters where parameter.isTrainable {
      guard let gradient = gradients[parameter.value] else { continue }
      let (name, shape) = (parameter.name, parameter.value.shape)
      let before = moments[name]
      precondition(
        before.map { $0.first.shape == shape && $0.second.shape == shape } ?? true,
        "moments of shape \(before?.first.shape ?? []) for \(name) of shape \(shape)")
      let count = (steps[name] ?? 0) + 1
      let decay = parameter.decay(weightDecay, ofVectors: decaysVectors)
      // The corrections need double precision: 1 - 0.999 is off by 1e-5 of itself in single.
      let correction1 = 1 - pow(Double(beta1), Double(count))
      let correction2 = 1 - pow(Double(beta2), Double(count))
      let (value, first, second) = Kernels.adam(
        parameter.value.storage, gradient: gradient.storage, scale: scale,
        moments: before.map { ($0.first.storage, $0.second.storage) },
        AdamStep(
          rate: Float(Double(rate) / correction1), beta1: beta1, beta2: beta2, correction: Float(correction2),
          epsilon: epsilon, decay: isDecoupled ? 0 : decay, shrink: isDecoupled ? 1 - rate * decay : 1))
      parameter.value = Tensor(value, shape: shape)
      moments[name] = (Tensor(first, shape: shape), Tensor(second, shape: shape))
      steps[name] = count
    }
  }
}
