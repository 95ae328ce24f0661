import NN
import TensorCore

/// A block that normalizes what its branches read and whose heads have a width of their own: (B, L, W) to (B, L, W).
///
///     x = x + drop(W_o concat_h attention(W_q y, W_k y, W_v y)), y = norm x;  x = x + drop(W₂ GELU(W₁ norm x + b₁) + b₂)
///
/// The products of attention have no biases. Everything starts as PyTorch's linear layers.
struct HiTRSBlock {
  private let norms: (LayerNorm, LayerNorm)
  private let products: [Parameter]  // query, key, value: (heads · head width, W) each
  private let output: Parameter  // (W, heads · head width)
  private let layers: (Linear, Linear)
  private let drops: (Dropout, Dropout)
  private let heads: Int

  /// Parameters `self_attn_norm`, `slf_attn.w_qs`, `slf_attn.w_ks`, `slf_attn.w_vs`, `slf_attn.fc`, `pff_norm`,
  /// `pos_ffn.w_1`, `pos_ffn.w_2`.
  init(_ scope: Scope, _ size: HiTRS.Size, width: Int, inner: Int) {
    heads = size.heads
    norms = (
      LayerNorm(scope / "self_attn_norm", features: width), LayerNorm(scope / "pff_norm", features: width)
    )
    func product(_ name: String, from inputs: Int, to outputs: Int) -> Parameter {
      scope.parameter(
        "slf_attn.\(name).weight", shape: [outputs, inputs],
        initialise: uniform(1 / Float(inputs).squareRoot()))
    }
    let all = size.heads * size.headWidth
    products = ["w_qs", "w_ks", "w_vs"].map { product($0, from: width, to: all) }
    output = product("fc", from: all, to: width)
    layers = (
      Linear(scope / "pos_ffn" / "w_1", from: width, to: inner),
      Linear(scope / "pos_ffn" / "w_2", from: inner, to: width)
    )
    drops = (
      Dropout(scope / "slf_attn", share: size.dropout), Dropout(scope / "pos_ffn", share: size.dropout)
    )
  }

  /// (B, L, W) to (B, L, W); `mask` as ``Tensor/selfAttention(heads:mask:)`` takes it.
  func callAsFunction(_ x: Tensor, mask: Tensor?, _ pass: Pass) -> Tensor {
    let packed = norms.0(x).matmul(.concatenated(products.map(\.value), axis: 0), transposed: true)
    let seen = packed.selfAttention(heads: heads, mask: mask).matmul(output.value, transposed: true)
    let y = x + drops.0(seen, pass)
    return y + drops.1(layers.1(layers.0(norms.1(y)).gelu()), pass)
  }
}
