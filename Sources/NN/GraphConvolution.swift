import TensorCore

/// A 1×1 convolution for each of K graphs, whose results neighbours send each other: (N, T, V, C) and graphs (K, V, W) to
/// (N, T, W, O),
///
///     y[w] = Σ_k Σ_v A_k[v, w] (W_k x[v] + b_k).
///
/// Source: Yan, Xiong and Lin, "Spatial temporal graph convolutional networks", 2018, equation 10.
public struct GraphConvolution {
  /// (K O, C, 1, 1), graph by graph.
  public let weight: Parameter
  /// (K O)
  public let bias: Parameter
  private let graphs: Int

  /// A layer from `inputs` to `outputs` channels over `graphs` graphs; parameters `weight` and `bias`.
  public init(
    _ scope: Scope, from inputs: Int, to outputs: Int, graphs: Int, start: ConvolutionStart = .pytorch
  ) {
    let shape = [graphs * outputs, inputs, 1, 1]
    weight = scope.parameter("weight", shape: shape, initialise: start.weight(shape))
    bias = scope.parameter("bias", shape: [graphs * outputs], initialise: start.bias(shape))
    self.graphs = graphs
  }

  /// (N, T, V, C) along `graph` (K, V, W) to (N, T, W, O).
  ///
  /// Neighbours send what comes in rather than what goes out: both sums are the same, and a layer has no fewer outputs
  /// than inputs. The K products then are one of depth K C.
  public func callAsFunction(_ x: Tensor, along graph: Tensor) -> Tensor {
    let (inputs, outputs) = (x.shape[3], weight.value.shape[0] / graphs)
    precondition(
      graph.shape.count == 3 && graph.shape[0] == graphs, "\(graphs) graphs of shape \(graph.shape)")
    let sent = x.spread(along: graph)  // (N, T, W, K, C)
    let frames = sent.reshaped(Array(sent.shape.prefix(3)) + [graphs * inputs])
    let kernel = weight.value.reshaped([graphs, outputs, inputs]).permuted([1, 0, 2])
      .reshaped([outputs, graphs * inputs, 1, 1])
    // What a bias adds depends on how much a joint receives: (W, K) times (K, O).
    let received = graph.sum(axes: [1]).permuted([1, 0])
    return frames.convolved(kernel) + received.matmul(bias.value.reshaped([graphs, outputs]))
  }
}
