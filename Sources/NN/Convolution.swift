import Skeleton
import TensorCore

/// How a convolution's weights and biases get their first values.
public enum ConvolutionStart: Sendable {
  /// PyTorch's default, U(±1/√inputs) for both, inputs being the numbers that an output is made of (Kaiming's uniform
  /// with a = √5).
  case pytorch
  /// Weights N(0, 2 / outputs), outputs being the numbers that an input goes to; biases 0. He et al., "Delving deep into
  /// rectifiers", 2015, kept for the way back.
  case kaimingFanOut
  /// Weights of `kaimingFanOut`, biases of `pytorch`.
  case kaimingFanOutWeight
  /// Weights N(0, deviation²), biases 0.
  case gaussian(Float)
  /// Weights U(±√(6 / (inputs + outputs))), biases 0.
  case xavierUniform

  /// What draws a weight (O, C, kernel A, kernel B).
  func weight(_ shape: [Int]) -> (inout KeyedRandom, [Int]) -> [Float] {
    let window = shape[2] * shape[3]
    let (inputs, outputs) = (Float(shape[1] * window), Float(shape[0] * window))
    switch self {
    case .pytorch: return uniform(1 / inputs.squareRoot())
    case .kaimingFanOut, .kaimingFanOutWeight: return normal((2 / outputs).squareRoot())
    case .gaussian(let deviation): return normal(deviation)
    case .xavierUniform: return uniform((6 / (inputs + outputs)).squareRoot())
    }
  }

  /// What draws the biases for a weight (O, C, kernel A, kernel B).
  func bias(_ shape: [Int]) -> (inout KeyedRandom, [Int]) -> [Float] {
    switch self {
    case .pytorch, .kaimingFanOutWeight:
      return uniform(1 / Float(shape[1] * shape[2] * shape[3]).squareRoot())
    case .kaimingFanOut, .gaussian, .xavierUniform: return constant(0)
    }
  }
}

/// Draws from N(mean, deviation²).
public func normal(_ deviation: Float, mean: Float = 0) -> (inout KeyedRandom, [Int]) -> [Float] {
  { random, shape in (0..<shape.reduce(1, *)).map { _ in mean + deviation * random.normal() } }
}

/// A convolution over two axes, channels last: (N, A, B, C) to (N, A', B', O). As PyTorch's `Conv2d`.
public struct Convolution {
  /// (O, C, kernel A, kernel B)
  public let weight: Parameter
  /// (O); nil for a layer without.
  public let bias: Parameter?
  /// How the window moves.
  public let window: Window

  /// A layer from `inputs` to `outputs` channels; parameters `weight` and `bias`.
  public init(
    _ scope: Scope, from inputs: Int, to outputs: Int, kernel: (Int, Int) = (1, 1),
    _ window: Window = Window(),
    hasBias: Bool = true, start: ConvolutionStart = .pytorch
  ) {
    let shape = [outputs, inputs, kernel.0, kernel.1]
    weight = scope.parameter("weight", shape: shape, initialise: start.weight(shape))
    bias = hasBias ? scope.parameter("bias", shape: [outputs], initialise: start.bias(shape)) : nil
    self.window = window
  }

  /// A layer over time, (N, T, V, C) to (N, T', V, O), that keeps the number of frames but for the stride: kernel `size`
  /// (odd), `dilation` frames between taps, and as many zeros at both ends as that needs.
  public init(
    _ scope: Scope, from inputs: Int, to outputs: Int, frames size: Int, stride: Int = 1, dilation: Int = 1,
    start: ConvolutionStart = .pytorch
  ) {
    self.init(
      scope, from: inputs, to: outputs, kernel: (size, 1),
      .along(stride: stride, dilation: dilation, padding: dilation * (size - 1) / 2), start: start)
  }

  /// (N, A, B, C) to (N, A', B', O).
  public func callAsFunction(_ x: Tensor) -> Tensor { x.convolved(weight.value, bias: bias?.value, window) }
}
