import Kernels

extension Tensor {
  /// The matrix product: (…, K) times (K, N), or `transposed` (N, K), to (…, N).
  public func matmul(_ other: Tensor, transposed: Bool = false) -> Tensor {
    precondition(
      !shape.isEmpty && other.shape.count == 2 && width == other.shape[transposed ? 1 : 0],
      "a product of shapes \(shape) and \(other.shape)\(transposed ? ", transposed" : "")")
    let (a, b) = (storage, other.storage)
    let (k, n) = (width, other.shape[transposed ? 0 : 1])
    let m = shape.dropLast().reduce(1, *)
    let (needsA, needsB) = (isVariable, other.isVariable)
    let result = Kernels.product(a, b, m: m, n: n, k: k, transposesB: transposed)
    return Tensor(result, shape: shape.dropLast() + [n], inputs: [self, other]) { gradient in
      // c = a b has da = g bᵀ and db = aᵀ g; c = a bᵀ has da = g b and db = gᵀ a.
      let toA = needsA ? Kernels.product(gradient, b, m: m, n: k, k: n, transposesB: !transposed) : nil
      guard needsB else { return [toA, nil] }
      return transposed
        ? [toA, Kernels.product(gradient, a, m: n, n: k, k: m, transposesA: true)]
        : [toA, Kernels.product(a, gradient, m: k, n: n, k: m, transposesA: true)]
    }
  }
}
