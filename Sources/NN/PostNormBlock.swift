import TensorCore

/// A block of a transformer that normalizes what its branches give: (B, L, D) to (B, L, D).
///
///     x = norm₁(x + drop(attention(x)));  x = norm₂(x + drop(W₂ drop(relu(W₁ x + b₁)) + b₂))
///
/// PyTorch's `TransformerEncoderLayer`, with its names and start, but for dropout of the weights of attention, which
/// is not done. Vaswani et al., "Attention is all you need", 2017, section 3.1.
public struct PostNormBlock {
  private let norms: (LayerNorm, LayerNorm)
  private let attention: Attention
  private let layers: (Linear, Linear)
  private let drops: (attention: Dropout, inner: Dropout, output: Dropout)

  /// A block for tokens of `width` numbers, `heads` of attention and `inner` numbers between its two linear layers.
  /// Parameters `self_attn.in_proj_weight`, `self_attn.in_proj_bias`, `self_attn.out_proj`, `linear1`, `linear2`,
  /// `norm1`, `norm2`.
  public init(_ scope: Scope, width: Int, heads: Int, inner: Int, dropout: Float = 0) {
    attention = Attention(scope / "self_attn", width: width, heads: heads, form: .torch)
    layers = (
      Linear(scope / "linear1", from: width, to: inner), Linear(scope / "linear2", from: inner, to: width)
    )
    norms = (LayerNorm(scope / "norm1", features: width), LayerNorm(scope / "norm2", features: width))
    drops = (
      Dropout(scope / "dropout1", share: dropout), Dropout(scope / "dropout", share: dropout),
      Dropout(scope / "dropout2", share: dropout)
    )
  }

  /// (B, L, D) to (B, L, D); `mask` as `Tensor.selfAttention(heads:mask:)` takes it.
  public func callAsFunction(_ x: Tensor, mask: Tensor? = nil, _ pass: Pass) -> Tensor {
    let y = norms.0(x + drops.attention(attention(x, mask: mask), pass))
    let inner = drops.inner(layers.0(y).relu(), pass)
    return norms.1(y + drops.output(layers.1(inner), pass))
  }
}
