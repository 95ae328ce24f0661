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
  private let scales: (Parameter, Parameter)?

  /// A block for tokens of `width` numbers, `heads` of attention and `inner` numbers between its two linear layers.
  /// Parameters `norm1`, `attn.qkv`, `attn.proj`, `norm2`, `mlp.fc1`, `mlp.fc2`, or `norm1_s` and so on where blocks share
  /// a place and are told apart by a suffix. `dropPath` is how probable it is that a branch of a sample is left out in
  /// training. With `layerScale` each branch is multiplied by a learned vector, `gamma_1` and `gamma_2`, which starts as
  /// that number: Touvron et al., "Going deeper with image transformers", 2021.
  public init(
    _ scope: Scope, width: Int, heads: Int, inner: Int, hasBias: Bool = true, dropPath: Float = 0,
    form: Attention.Form = .timm, suffix: String = "", epsilon: Float = 1e-5, layerScale: Float? = nil
  ) {
    func place(_ name: String) -> Scope { scope / (name + suffix) }
    norms = (
      LayerNorm(place("norm1"), features: width, epsilon: epsilon),
      LayerNorm(place("norm2"), features: width, epsilon: epsilon)
    )
    attention = Attention(place("attn"), width: width, heads: heads, hasBias: hasBias, form: form)
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> Linear {
      Linear(
        place("mlp") / name, from: inputs, to: outputs, weights: form.weights, zeroBias: form.zeroBias)
    }
    layers = (linear("fc1", width, inner), linear("fc2", inner, width))
    drops = (
      DropPath(place("drop_path1"), share: dropPath), DropPath(place("drop_path2"), share: dropPath)
    )
    func scale(_ name: String, _ start: Float) -> Parameter {
      scope.parameter(name, shape: [width], initialise: constant(start))
    }
    scales = layerScale.map { (scale("gamma_1", $0), scale("gamma_2", $0)) }
  }

  /// (B, L, D) to (B, L, D); `mask` as `Tensor.selfAttention(heads:mask:)` takes it.
  public func callAsFunction(_ x: Tensor, mask: Tensor? = nil, _ pass: Pass) -> Tensor {
    func scaled(_ x: Tensor, _ scale: Parameter?) -> Tensor { scale.map { x * $0.value } ?? x }
    return self(
      x, mask: mask, first: { drops.0(scaled($0, scales?.0), pass) },
      second: { drops.1(scaled($0, scales?.1), pass) })
  }

  /// The same with what is done to each branch, (B, L, D), before it is added.
  public func callAsFunction(
    _ x: Tensor, mask: Tensor? = nil, first: (Tensor) -> Tensor, second: (Tensor) -> Tensor
  ) -> Tensor {
    let y = x + first(attention(norms.0(x), mask: mask))
    return y + second(layers.1(layers.0(norms.1(y)).gelu()))
  }
}
