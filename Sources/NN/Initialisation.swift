import Skeleton

/// How a layer's weight matrices get their first values. Biases always come from PyTorch's default.
public enum Initialisation: String, Sendable {
  /// PyTorch's default for the layer: U(±1/√inputs) for a linear one, U(±1/√hidden) for a GRU.
  case pytorch
  /// U(±√(6 / (inputs + outputs))): Glorot and Bengio, "Understanding the difficulty of training deep
  /// feedforward neural networks", 2010.
  case xavierUniform
  /// N(0, 0.02²), without what is more than 2 from 0.
  case smallNormal

  /// What draws a weight matrix (outputs, inputs), where PyTorch's default has this bound.
  func weight(bound: Float) -> (inout KeyedRandom, [Int]) -> [Float] {
    switch self {
    case .pytorch: uniform(bound)
    case .xavierUniform: xavier
    case .smallNormal: truncatedNormal(deviation: 0.02)
    }
  }
}

/// Draws from U(±bound).
public func uniform(_ bound: Float) -> (inout KeyedRandom, [Int]) -> [Float] {
  { random, shape in
    var values = [Float]()
    values.reserveCapacity(shape.reduce(1, *))
    for _ in 0..<shape.reduce(1, *) { values.append(random.uniform(-bound, bound)) }
    return values
  }
}

/// Draws from U(±√(6 / (inputs + outputs))).
///
/// Outputs and inputs are the first two axes, each times all axes behind them, as PyTorch counts them: a prompt of shape
/// (1, 1, 150) has 150 of both.
public func xavier(_ random: inout KeyedRandom, _ shape: [Int]) -> [Float] {
  precondition(shape.count >= 2, "a tensor of shape \(shape) has no inputs and outputs")
  let places = (shape[0] + shape[1]) * shape.dropFirst(2).reduce(1, *)
  return uniform((6 / Float(places)).squareRoot())(&random, shape)
}

/// Fills with one number.
public func constant(_ value: Float) -> (inout KeyedRandom, [Int]) -> [Float] {
  { _, shape in [Float](repeating: value, count: shape.reduce(1, *)) }
}

/// Draws from the normal distribution of this deviation, without what is more than 2 from 0.
public func truncatedNormal(deviation: Float) -> (inout KeyedRandom, [Int]) -> [Float] {
  { random, shape in
    (0..<shape.reduce(1, *)).map { _ in
      while true {
        let value = deviation * random.normal()
        if abs(value) <= 2 { return value }
      }
    }
  }
}
