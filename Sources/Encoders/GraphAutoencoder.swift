import NN
import TensorCore

/// A graph network that guesses hidden joints of a pose from the others: poses (B, V, C) to joints (B, V, H).
///
/// Joints are mapped to D numbers. Each layer adds up a joint and its neighbours, h = x + Σ x of neighbours, then
///
///     y = W₂ p(norm(W₁ h + b₁)) + b₂,   p(x) = x where positive, else a x with a learned
///
/// and, but for the decoder's, p(norm y). Hidden joints are one learned vector in front of the encoder; behind it, and
/// behind a product without biases, they are 0, so that the decoder's one layer knows them from their neighbours alone.
/// Statistics are over all joints of all poses.
///
/// Linear layers start as PyTorch's, slopes at ¼, the learned vector at 0. There is no released code of the paper; blocks,
/// hiding behind the encoder and the order of operations are those of GraphMAE's.
///
/// Source: Yan et al., "SkeletonMAE: graph-based masked autoencoder for skeleton sequence pre-training", 2023;
/// Hou et al., "GraphMAE: self-supervised masked graph autoencoders", 2022.
public struct GraphAutoencoder {
  /// Its sizes; defaults are the published ones, 38,535 parameters for poses in the plane.
  public struct Size: Sendable, Equatable {
    /// C
    public var channels = 2
    /// Numbers of an embedded joint, D.
    public var width = 64
    /// Numbers of an encoded joint, H.
    public var hidden = 64
    /// Layers of the encoder.
    public var depth = 3

    /// The published sizes.
    public init() {}
  }

  private let graph: SkeletonGraph
  private let embedding: Linear
  private let token: Parameter  // (D)
  private let encoder: [GraphIsomorphismLayer]
  private let bridge: Parameter  // (H, H)
  private let decoder: GraphIsomorphismLayer

  /// A network along `graph`, whose kinds of neighbours are added up; ``SkeletonGraph/neighbours(parents:)`` makes one.
  /// Parameters `embed`, `mask_token`, `encoder.0.lin1` and so on, `encoder_to_decoder`, `decoder.lin1` and so on.
  public init(_ scope: Scope, _ graph: SkeletonGraph, _ size: Size = Size()) {
    self.graph = graph
    embedding = Linear(scope / "embed", from: size.channels, to: size.width)
    token = scope.parameter("mask_token", shape: [size.width], initialise: constant(0))
    encoder = (0..<size.depth).map { number in
      GraphIsomorphismLayer(
        scope / "encoder" / "\(number)", from: number == 0 ? size.width : size.hidden, hidden: size.hidden,
        to: size.hidden, isNormalized: true)
    }
    bridge = scope.parameter(
      "encoder_to_decoder.weight", shape: [size.hidden, size.hidden],
      initialise: uniform(1 / Float(size.hidden).squareRoot()))
    decoder = GraphIsomorphismLayer(
      scope / "decoder", from: size.hidden, hidden: size.hidden, to: size.width, isNormalized: false)
  }

  /// Poses (B, V, C) as encoded joints (B, V, H), nothing hidden.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { encoded(embedded(x), pass) }

  /// Poses (B, V, C) as joints that were guessed and what was embedded, which is a constant: (B, V, D) both.
  ///
  /// - Parameter hidden: (B, V), 1 for joints that are hidden and 0 for others.
  public func reconstruction(of x: Tensor, hiding hidden: Tensor, _ pass: Pass) -> (
    guess: Tensor, target: Tensor, encoded: Tensor
  ) {
    precondition(hidden.shape == Array(x.shape.prefix(2)), "\(hidden.shape) joints hidden of \(x.shape)")
    let target = embedded(x)
    let hiding = hidden.reshaped(hidden.shape + [1])
    let showing = Tensor(scalar: 1) - hiding
    let encoded = encoded(target * showing + hiding * token.value, pass)
    let shown = encoded.matmul(bridge.value, transposed: true) * showing
    return (decoder(shown, along: graph, pass), target.detached(), encoded)
  }

  private func embedded(_ x: Tensor) -> Tensor {
    precondition(x.shape.count == 3 && x.shape[1] == graph.joints, "poses of shape \(x.shape)")
    return embedding(x)
  }

  private func encoded(_ joints: Tensor, _ pass: Pass) -> Tensor {
    encoder.reduce(joints) { $1($0, along: graph, pass) }
  }
}

/// A layer whose sum over neighbours tells apart whatever such layers can: (B, V, C) to (B, V, O).
///
/// Source: Xu et al., "How powerful are graph neural networks?", 2019, equation 4.1, with ε 0.
private struct GraphIsomorphismLayer {
  private let layers: (Linear, Linear)
  private let norm: BatchNorm1d
  private let activation: PReLU
  private let closing: (norm: BatchNorm1d, activation: PReLU)?

  /// Parameters `lin1`, `bn1`, `act1`, `lin2`, and `bn2`, `act2` where the layer's output is normalized.
  init(_ scope: Scope, from inputs: Int, hidden: Int, to outputs: Int, isNormalized: Bool) {
    layers = (
      Linear(scope / "lin1", from: inputs, to: hidden), Linear(scope / "lin2", from: hidden, to: outputs)
    )
    norm = BatchNorm1d(scope / "bn1", features: hidden)
    activation = PReLU(scope / "act1")
    closing =
      isNormalized ? (BatchNorm1d(scope / "bn2", features: outputs), PReLU(scope / "act2")) : nil
  }

  func callAsFunction(_ x: Tensor, along graph: SkeletonGraph, _ pass: Pass) -> Tensor {
    let sum = x + x.spread(along: graph.matrices).sum(axes: [2])
    let y = layers.1(activation(norm(layers.0(sum), pass)))
    return closing.map { $0.activation($0.norm(y, pass)) } ?? y
  }
}
