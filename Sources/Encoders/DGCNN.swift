import NN
import TensorCore

/// The size of a DGCNN.
public struct DGCNNSettings: Sendable, Equatable {
  /// Points that each point looks at, itself among them, K.
  public var neighbours = 20
  /// Coordinates of a point, C.
  public var coordinates = 3
  /// Channels of the edge convolutions.
  public var widths = [64, 64, 128, 256]
  /// Numbers in a feature, D.
  public var features = 1024

  /// The published size, 617,856 parameters.
  public init() {}
}

/// Dynamic graph convolutional network: points of a cloud look at those that are nearest, anew in each layer by what the
/// layer before made of them.
///
/// Clouds (B, P, C) become maps (B, P, D): four edge convolutions, all of which the last layer reads. A cloud's feature
/// (B, D) is the largest numbers over its points. Tensors are named as in the released code, `conv1.0.weight` to
/// `conv5.0.weight` and `bn1` to `bn5`; PyTorch lists each norm a second time, as `conv1.1`.
///
/// First values are PyTorch's default for each layer.
///
/// Source: Wang et al., "Dynamic graph CNN for learning on point clouds", 2019, section 3, without its classifier.
public struct DGCNN {
  private let layers: [EdgeConvolution]
  private let last: (weight: Parameter, norm: BatchNorm1d)  // (D, Σ widths, 1)
  /// Numbers in a feature.
  public let featureCount: Int

  /// A backbone whose parameters are below `scope`.
  public init(_ scope: Scope, _ settings: DGCNNSettings = DGCNNSettings()) {
    layers = settings.widths.enumerated().map { number, outputs in
      EdgeConvolution(
        scope, number: number + 1, from: number == 0 ? settings.coordinates : settings.widths[number - 1],
        to: outputs, neighbours: settings.neighbours)
    }
    let inputs = settings.widths.reduce(0, +)
    let number = settings.widths.count + 1
    last = (
      (scope / "conv\(number)" / "0").parameter(
        "weight", shape: [settings.features, inputs, 1],
        initialise: uniform(1 / Float(inputs).squareRoot())),
      BatchNorm1d(scope / "bn\(number)", features: settings.features)
    )
    featureCount = settings.features
  }

  /// Clouds (B, P, C) as maps (B, P, D).
  public func map(_ x: Tensor, _ pass: Pass) -> Tensor {
    let all = Tensor.concatenated(edges(x, pass), axis: 2)
    let weight = last.weight.value.reshaped([featureCount, all.shape[2]])
    return last.norm(all.matmul(weight, transposed: true), pass).leakyRelu(slope: edgeSlope)
  }

  /// Clouds (B, P, C) as features (B, D).
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { map(x, pass).max(axes: [1]) }

  /// What each edge convolution gives, (B, P, width).
  func edges(_ x: Tensor, _ pass: Pass) -> [Tensor] {
    var results: [Tensor] = []
    for layer in layers { results.append(layer(results.last ?? x, pass)) }
    return results
  }
}

/// What negative numbers are multiplied with.
private let edgeSlope: Float = 0.2

/// The largest numbers over a point's neighbours: (B, P, C) to (B, P, O),
///
///     y_i = max_j relu(norm(W [x_j - x_i, x_i])).
private struct EdgeConvolution {
  let weight: Parameter  // (O, 2 C, 1, 1)
  let norm: BatchNorm1d
  let neighbours: Int

  init(_ scope: Scope, number: Int, from inputs: Int, to outputs: Int, neighbours: Int) {
    weight = (scope / "conv\(number)" / "0").parameter(
      "weight", shape: [outputs, 2 * inputs, 1, 1],
      initialise: uniform(1 / Float(2 * inputs).squareRoot()))
    norm = BatchNorm1d(scope / "bn\(number)", features: outputs)
    self.neighbours = neighbours
  }

  /// W = [U, V] multiplies points rather than pairs of them: U (x_j - x_i) + V x_i = U x_j + (V - U) x_i.
  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let (b, p, c) = (x.shape[0], x.shape[1], x.shape[2])
    let outputs = weight.value.shape[0]
    let halves = weight.value.reshaped([outputs, 2, c])
    let near = halves.sliced(axis: 1, 0..<1).reshaped([outputs, c])
    let own = halves.sliced(axis: 1, 1..<2).reshaped([outputs, c]) - near
    let sent = x.reshaped([b * p, c]).matmul(near, transposed: true)
    let received = sent.rows(x.nearestPoints(neighbours)).reshaped([b, p, neighbours, outputs])
    let pairs = received + x.matmul(own, transposed: true).reshaped([b, p, 1, outputs])
    return norm(pairs, pass).leakyRelu(slope: edgeSlope).max(axes: [2])
  }
}
