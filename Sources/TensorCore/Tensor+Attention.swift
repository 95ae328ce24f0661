import Kernels

extension Tensor {
  /// softmax(Q Kᵀ / √(D / heads) + mask) V of each head: (B, L, 3 D) to (B, L, D).
  ///
  /// Of each token this tensor holds Q, K and V side by side, and of each of these the heads side by side. Keys are
  /// all tokens of the same list. Memory is linear in L: weights are made for some queries at a time, and again in the
  /// pullback.
  ///
  /// - Parameter mask: what is added to the scores, a constant (B or 1, L or 1, L): queries, then keys. Where it is
  ///   below -1e8 it is the score, so that a query that sees no key sees all alike; ``hiding()`` makes one.
  ///
  /// Vaswani et al., "Attention is all you need", 2017, equation 1.
  public func selfAttention(heads: Int, mask: Tensor? = nil) -> Tensor {
    precondition(
      shape.count == 3 && heads > 0 && width % (3 * heads) == 0,
      "attention of \(heads) heads for shape \(shape), not (B, L, 3 D)")
    let (batch, tokens, width) = (shape[0], shape[1], width / 3)
    if let mask {
      precondition(!mask.isVariable, "the mask of an attention is a constant")
      precondition(
        mask.shape.count == 3 && [1, batch].contains(mask.shape[0]) && [1, tokens].contains(mask.shape[1])
          && mask.shape[2] == tokens,
        "a mask of shape \(mask.shape) for \(batch) lists of \(tokens) tokens")
    }
    let added = mask.map {
      AttentionMask(
        $0.storage, tokens: tokens, differsInBatch: $0.shape[0] > 1, differsInQueries: $0.shape[1] > 1)
    }
    let sizes = AttentionShape(batch: batch, tokens: tokens, heads: heads, width: width)
    let packed = storage
    let trace = Kernels.attention(packed, shape: sizes, mask: added)
    return Tensor(trace.output, shape: [batch, tokens, width], inputs: [self]) { gradient in
      [Kernels.attentionPullback(packed, shape: sizes, mask: added, trace: trace, gradient)]
    }
  }

  /// A mask of attention that hides what is 0 here and shows what is 1: -1e9 and 0.
  public func hiding() -> Tensor { (self - Tensor(scalar: 1)) * 1e9 }
}
