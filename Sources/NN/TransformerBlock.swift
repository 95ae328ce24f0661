import TensorCore

/// A block of a transformer that normalizes what its branches read: (B, L, D) to (B, L, D).
///
///     x = x + drop(attention(norm₁ x));  x = x + drop(W₂ GELU(W₁ norm₂ x + b₁) + b₂)
///
/// Dosovitskiy et al., "An image is worth 16x16 words", 2021, equations 2 and 3, with the names and the start of timm's
/// block as the masked methods use it: matrices from Xavier's distribution, biases 0, or as another form says.
public struct TransformerBlock {
  private let norms: (LayerNorm, LayerNorm)
  private let attention: Attention
  private let layers: (Linear, Linear)
  private let drops: (DropPath, DropPath)

  /// A block for tokens of `width` numbers, `heads` of attention and `inner` numbers between its two linear layers.
  /// Parameters `norm1`, `attn.qkv`, `attn.proj`, `norm2`, `mlp.fc1`, `mlp.fc2`, or `norm1_s` and so on where blocks share
  /// a place and are told apart by a suffix. `dropPath` is how probable it is that a branch of a sample is left out in
  /// training.
  public init(
    _ scope: Scope, width: Int, heads: Int, inner: Int, hasBias: Bool = true, dropPath: Float = 0,
    form: Attention.Form = .timm, suffix: String = ""
  ) {
    func place(_ name: String) -> Scope { scope / (name + suffix) }
    norms = (LayerNorm(place("norm1"), features: width), LayerNorm(place("norm2"), features: width))
    attention = Attention(place("attn"), width: width, heads: heads, hasBias: hasBias, form: form)
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> Linear {
      Linear(
        place("mlp") / name, from: inputs, to: outputs, weights: form.weights, zeroBias: form.zeroBias)
    }
    layers = (linear("fc1", width, inner), linear("fc2", inner, width))
    drops = (
      DropPath(place("drop_path1"), share: dropPath), DropPath(place("drop_path2"), share: dropPath)
    )
  }

  /// (B, L, D) to (B, L, D); `mask` as `Tensor.selfAttention(heads:mask:)` takes it.
  public func callAsFunction(_ x: Tensor, mask: Tensor? = nil, _ pass: Pass) -> Tensor {
    self(x, mask: mask, first: { drops.0($0, pass) }, second: { drops.1($0, pass) })
  }

  /// The same with what is done to each branch, (B, L, D), before it is added.
  public func callAsFunction(
    _ x: Tensor, mask: Tensor? = nil, first: (Tensor) -> Tensor, second: (Tensor) -> Tensor
  ) -> Tensor {
    let y = x + first(attention(norms.0(x), mask: mask))
    return y + second(layers.1(layers.0(norms.1(y)).gelu()))
  }
}
