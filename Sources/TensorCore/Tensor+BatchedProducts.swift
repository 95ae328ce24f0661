import Kernels

extension Tensor {
  /// Matrix products over leading axes: (…, M, K) times (…, K, N) to (…, M, N), each side as stored or with its last two
  /// axes exchanged.
  ///
  /// One side's leading axes may be the beginning of the other's: its matrices are then shared over the axes that it
  /// lacks, (N, V, V) times (N, T, V, C) being one graph a sequence for all frames.
  public func batchedMatmul(
    _ other: Tensor, transposed: Bool = false, otherTransposed: Bool = false
  ) -> Tensor {
    precondition(shape.count >= 2 && other.shape.count >= 2, "products of shapes \(shape) and \(other.shape)")
    let (leading, otherLeading) = (Array(shape.dropLast(2)), Array(other.shape.dropLast(2)))
    let (rows, columns) = (shape.suffix(2).map { $0 }, other.shape.suffix(2).map { $0 })
    let (m, k) = transposed ? (rows[1], rows[0]) : (rows[0], rows[1])
    let (depth, n) = otherTransposed ? (columns[1], columns[0]) : (columns[0], columns[1])
    let all = leading.count >= otherLeading.count ? leading : otherLeading
    precondition(
      k == depth && all.starts(with: leading) && all.starts(with: otherLeading),
      "products of shapes \(shape)\(transposed ? ", transposed," : "") and \(other.shape)"
        + (otherTransposed ? ", transposed" : ""))
    let repeats = all.dropFirst(leading.count).reduce(1, *)
    let otherRepeats = all.dropFirst(otherLeading.count).reduce(1, *)
    let products = all.reduce(1, *)
    let (a, b) = (storage, other.storage)
    let (needsA, needsB) = (isVariable, other.isVariable)
    let result = Kernels.batchedProduct(
      BatchedSide(a, transposed: transposed, repeats: repeats),
      BatchedSide(b, transposed: otherTransposed, repeats: otherRepeats),
      BatchedShape(products: products, m: m, n: n, k: k))
    return Tensor(result, shape: all + [m, n], inputs: [self, other]) { gradient in
      // c = a b has da = g bᵀ and db = aᵀ g, each turned as its side is stored.
      let toA: Storage? =
        !needsA
        ? nil
        : transposed
          ? Kernels.batchedProduct(
            BatchedSide(b, transposed: otherTransposed, repeats: otherRepeats),
            BatchedSide(gradient, transposed: true), BatchedShape(products: products, m: k, n: m, k: n),
            sums: repeats)
          : Kernels.batchedProduct(
            BatchedSide(gradient), BatchedSide(b, transposed: !otherTransposed, repeats: otherRepeats),
            BatchedShape(products: products, m: m, n: k, k: n), sums: repeats)
      let toB: Storage? =
        !needsB
        ? nil
        : otherTransposed
          ? Kernels.batchedProduct(
            BatchedSide(gradient, transposed: true), BatchedSide(a, transposed: transposed, repeats: repeats),
            BatchedShape(products: products, m: n, n: k, k: m), sums: otherRepeats)
          : Kernels.batchedProduct(
            BatchedSide(a, transposed: !transposed, repeats: repeats), BatchedSide(gradient),
            BatchedShape(products: products, m: k, n: n, k: m), sums: otherRepeats)
      return [toA, toB]
    }
  }

  /// A sum of products over shared axes, written by letters: "ntvc,kvw->ntkwc" is Σ_v a[n,t,v,c] b[k,v,w].
  ///
  /// A letter of both sides that the result lacks is summed over; each letter of the result stands on a side. Axes are
  /// permuted to a batched product and back, so write axes in an order that needs no permutation where time matters.
  public func contracted(_ formula: String, _ other: Tensor) -> Tensor {
    let sides = formula.split(separator: ">").map(String.init)
    let inputs = sides[0].dropLast().split(separator: ",").map(Array.init)
    precondition(
      sides.count == 2 && inputs.count == 2 && inputs[0].count == shape.count
        && inputs[1].count == other.shape.count,
      "\(formula) of shapes \(shape) and \(other.shape)")
    let (a, b, result) = (inputs[0], inputs[1], Array(sides[1]))
    let batch = result.filter { a.contains($0) && b.contains($0) }
    let left = result.filter { a.contains($0) && !b.contains($0) }
    let right = result.filter { b.contains($0) && !a.contains($0) }
    let summed = a.filter { b.contains($0) && !result.contains($0) }
    precondition(
      batch.count + left.count + summed.count == a.count
        && batch.count + right.count + summed.count == b.count
        && batch.count + left.count + right.count
          == result.count,
      "\(formula) sums over a letter of one side alone, or repeats one")
    func length(_ letter: Character) -> Int {
      a.firstIndex(of: letter).map { shape[$0] } ?? b.firstIndex(of: letter).map { other.shape[$0] } ?? 1
    }
    for (index, letter) in b.enumerated() {
      precondition(other.shape[index] == length(letter), "\(formula) of shapes \(shape) and \(other.shape)")
    }
    func count(_ letters: [Character]) -> Int { letters.reduce(1) { $0 * length($1) } }
    func order(_ letters: [Character], in all: [Character]) -> [Int] {
      letters.compactMap { all.firstIndex(of: $0) }
    }
    let x = permuted(order(batch + left + summed, in: a)).reshaped([count(batch), count(left), count(summed)])
    let y = other.permuted(order(batch + summed + right, in: b))
      .reshaped([count(batch), count(summed), count(right)])
    let lengths = (batch + left + right).map(length)
    return x.batchedMatmul(y).reshaped(lengths).permuted(order(result, in: batch + left + right))
  }

  /// What neighbours send each joint along each of K graphs: (…, V, C) and graphs (K, V, W) to (…, W, K, C),
  /// y[w, k] = Σ_v x[v] graph[k, v, w].
  ///
  /// Nothing is permuted: the graphs, laid out as (W · K, V), are the left side of one small product a frame.
  public func spread(along graphs: Tensor) -> Tensor {
    precondition(
      shape.count >= 2 && graphs.shape.count == 3 && graphs.shape[1] == shape[shape.count - 2],
      "joints of shape \(shape) along graphs of shape \(graphs.shape)")
    let (k, v, w) = (graphs.shape[0], graphs.shape[1], graphs.shape[2])
    let matrix = graphs.permuted([2, 0, 1]).reshaped([w * k, v])
    return matrix.batchedMatmul(self).reshaped(shape.dropLast(2) + [w, k, width])
  }

  /// One graph a sequence and channel: (N, T, V, C) and graphs (N, W, V, C) to (N, T, W, C),
  /// y[n, t, w, c] = Σ_v graph[n, w, v, c] x[n, t, v, c].
  public func spread(alongEachChannel graphs: Tensor) -> Tensor {
    precondition(
      shape.count == 4 && graphs.shape.count == 4 && graphs.shape[0] == shape[0]
        && graphs.shape[2] == shape[2] && graphs.shape[3] == shape[3],
      "joints of shape \(shape) along graphs of shape \(graphs.shape)")
    let (n, t, v, c) = (shape[0], shape[1], shape[2], shape[3])
    let w = graphs.shape[1]
    let (x, graph) = (storage, graphs.storage)
    let (needsX, needsGraph) = (isVariable, graphs.isVariable)
    let y = Kernels.channelProduct(
      x, graph, samples: n, rows: t, columns: w, depth: v, channels: c, bTransposed: true)
    return Tensor(y, shape: [n, t, w, c], inputs: [self, graphs]) { gradient in
      [
        needsX
          ? Kernels.channelProduct(
            gradient, graph, samples: n, rows: t, columns: v, depth: w, channels: c) : nil,
        needsGraph
          ? Kernels.channelProduct(
            gradient, x, samples: n, rows: w, columns: v, depth: t, channels: c, aTransposed: true) : nil,
      ]
    }
  }
}
