import TensorCore

/// Self-attention of several heads: (B, L, D) to (B, L, D).
///
///     [Q | K | V] = W x + b;  y = W_o concat_h(softmax(Q_h K_hᵀ / √(D / H) + mask) V_h) + b_o
///
/// Vaswani et al., "Attention is all you need", 2017, section 3.2.
public struct Attention {
  /// How the parameters are called and what they start from.
  public enum Form: Sendable {
    /// timm's names, `qkv.weight`, `qkv.bias`, `proj.weight`, `proj.bias`; matrices from Xavier's distribution, biases
    /// 0, as the masked methods start them.
    case timm
    /// Those of PyTorch's `MultiheadAttention`, `in_proj_weight`, `in_proj_bias`, `out_proj.weight`, `out_proj.bias`;
    /// the first matrix from Xavier's distribution, the last from a linear layer's, biases 0.
    case torch
    /// timm's names; everything as a linear layer has it.
    case linear
    /// timm's names; matrices from N(0, 0.02²), biases 0.
    case smallNormal

    /// What the matrices of the block's other products start from.
    var weights: Initialisation {
      switch self {
      case .timm: .xavierUniform
      case .torch, .linear: .pytorch
      case .smallNormal: .smallNormal
      }
    }

    /// Whether biases start at 0.
    var zeroBias: Bool { self != .linear }
  }

  /// H
  public let heads: Int
  private let weight: Parameter  // (3 D, D)
  private let bias: Parameter?  // (3 D)
  private let projection: Linear

  /// A layer for tokens of `width` D numbers, a multiple of `heads`; `hasBias` is whether Q, K and V have biases.
  public init(_ scope: Scope, width: Int, heads: Int, hasBias: Bool = true, form: Form = .timm) {
    precondition(heads > 0 && width % heads == 0, "\(heads) heads cannot share \(width) numbers")
    self.heads = heads
    let names =
      switch form {
      case .timm, .linear, .smallNormal: (weight: "qkv.weight", bias: "qkv.bias", projection: "proj")
      case .torch: (weight: "in_proj_weight", bias: "in_proj_bias", projection: "out_proj")
      }
    let bound = 1 / Float(width).squareRoot()
    let start = form == .torch ? xavier : form.weights.weight(bound: bound)
    weight = scope.parameter(names.weight, shape: [3 * width, width], initialise: start)
    let biases = form.zeroBias ? constant(0) : uniform(bound)
    bias = hasBias ? scope.parameter(names.bias, shape: [3 * width], initialise: biases) : nil
    projection = Linear(
      scope / names.projection, from: width, to: width, weights: form.weights, zeroBias: form.zeroBias)
  }

  /// (B, L, D) to (B, L, D); `mask` as `Tensor.selfAttention(heads:mask:)` takes it.
  public func callAsFunction(_ x: Tensor, mask: Tensor? = nil) -> Tensor {
    let product = x.matmul(weight.value, transposed: true)
    let packed = bias.map { product + $0.value } ?? product
    return projection(packed.selfAttention(heads: heads, mask: mask))
  }
}
