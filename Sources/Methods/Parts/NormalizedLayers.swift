import NN
import TensorCore

/// Linear layers with batch normalization and ReLU between them: (N, first width) to (N, last width).
public struct NormalizedLayers {
  /// What the layers start from.
  public enum Start: Sendable {
    /// PyTorch's defaults.
    case pytorch
    /// Weights N(0, 0.02²), norms' weights N(1, 0.02²), biases 0: CrosSCLR's released code.
    case smallNormal
  }

  private let layers: [(weight: Parameter, bias: Parameter?)]
  private let norms: [BatchNorm1d]

  /// Layers between these widths; parameters `0.*` of the first, `1.*` of its norm, `3.*` of the second and so on.
  ///
  /// - Parameter hasBiases: whether linear layers have biases, which a norm behind them takes out again.
  public init(_ scope: Scope, widths: [Int], hasBiases: Bool = true, start: Start = .pytorch) {
    precondition(widths.count >= 2, "layers between widths \(widths)")
    layers = zip(widths, widths.dropFirst()).enumerated().map { number, widths in
      let (inputs, outputs) = widths
      let own = scope / "\(3 * number)"
      let bound = 1 / Float(inputs).squareRoot()
      let weight = own.parameter(
        "weight", shape: [outputs, inputs], initialise: start == .pytorch ? uniform(bound) : normal(0.02))
      guard hasBiases else { return (weight, nil) }
      return (
        weight,
        own.parameter(
          "bias", shape: [outputs], initialise: start == .pytorch ? uniform(bound) : constant(0))
      )
    }
    norms = widths.dropFirst().dropLast().enumerated().map { number, width in
      BatchNorm1d(
        scope / "\(3 * number + 1)", features: width,
        weight: start == .pytorch ? constant(1) : normal(0.02, mean: 1))
    }
  }

  /// (N, first width) to (N, last width).
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    var y = x
    for (number, layer) in layers.enumerated() {
      y = y.matmul(layer.weight.value, transposed: true)
      if let bias = layer.bias { y = y + bias.value }
      if number < norms.count { y = norms[number](y, pass).relu() }
    }
    return y
  }
}
