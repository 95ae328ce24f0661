import NN
import TensorCore

/// A block of a GL-Transformer: (N, T, V M, W) to (N, T, V M, W).
struct GLBlock {
  private let table: Parameter  // (1, T, V M, W)
  private let norms: (space: LayerNorm, time: LayerNorm, inner: LayerNorm)
  private let attention: (space: Attention, time: Attention)
  private let layers: (Linear, Linear)
  private let drops: (space: Dropout, time: Dropout, inner: Dropout, output: Dropout)
  private let paths: (space: DropPath, time: DropPath, inner: DropPath)

  init(_ scope: Scope, _ size: GLTransformer.Size, dropPath: Float) {
    let (width, features) = (size.width, size.features)
    table = scope.parameter(
      "positional_emb", shape: [1, size.frames, size.tokens, width], initialise: constant(0))
    _ = scope.buffer(
      "tm_pos_encoder.pe", shape: [1, size.frames, features],
      value: sinusoids(positions: size.frames, width: features).reshaped([1, size.frames, features]))
    _ = scope.buffer(
      "sp_pos_encoder.pe", shape: [1, size.tokens, width],
      value: sinusoids(positions: size.tokens, width: width).reshaped([1, size.tokens, width]))
    norms = (
      LayerNorm(scope / "norm1_sp", features: width), LayerNorm(scope / "norm1_tm", features: features),
      LayerNorm(scope / "norm2", features: features)
    )
    func attention(_ name: String, _ width: Int) -> Attention {
      Attention(scope / name, width: width, heads: size.heads, form: .linear)
    }
    self.attention = (attention("attention_sp", width), attention("attention_tm", features))
    let inner = size.expansion * features
    layers = (
      Linear(scope / "feedforward" / "fc1", from: features, to: inner),
      Linear(scope / "feedforward" / "fc2", from: inner, to: features)
    )
    func drop(_ name: String) -> Dropout { Dropout(scope / name, share: size.dropout) }
    drops = (drop("attention_sp"), drop("attention_tm"), drop("feedforward.inner"), drop("feedforward"))
    func path(_ name: String) -> DropPath { DropPath(scope / name, share: dropPath) }
    paths = (path("drop_path_sp"), path("drop_path_tm"), path("drop_path"))
  }

  func callAsFunction(_ x: Tensor, mask: Tensor?, _ pass: Pass) -> Tensor {
    let (n, t, tokens, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let table = self.table.value.sliced(axis: 1, 0..<t)  // (1, T, V M, W)
    var y = (x + table).reshaped([n * t, tokens, width])
    y = y + paths.space(drops.space(attention.space(norms.space(y)), pass), pass)
    var z = (y.reshaped(x.shape) + table).reshaped([n, t, tokens * width])
    z = z + paths.time(drops.time(attention.time(norms.time(z), mask: mask), pass), pass)
    let inner = drops.inner(layers.0(norms.inner(z)).gelu(), pass)
    z = z + paths.inner(drops.output(layers.1(inner), pass), pass)
    return z.reshaped(x.shape)
  }
}
