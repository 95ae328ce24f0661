import CKernels

/// The sizes of an attention: `batch` B lists of `tokens` L, `heads` H that share `width` D numbers of a token.
public struct AttentionShape: Sendable {
  let batch: Int
  let tokens: Int
  let heads: Int
  let width: Int

  /// Sizes B, L, H, D; D is a multiple of H.
  public init(batch: Int, tokens: Int, heads: Int, width: Int) {
    precondition(heads > 0 && width % heads == 0, "\(heads) heads cannot share \(width) numbers")
    (self.batch, self.tokens, self.heads, self.width) = (batch, tokens, heads, width)
  }

  /// Numbers of one head.
  var head: Int { width / heads }
  /// 1 / √(D / H).
  var scale: Float { 1 / Float(head).squareRoot() }
}

/// What is added to scores, (B or 1, L or 1, L): queries, then keys. Below -1e8 it hides a key.
public struct AttentionMask: Sendable {
  let values: Storage
  let batchStride: Int
  let queryStride: Int

  /// A mask that differs between lists, or between queries, or not.
  public init(_ values: Storage, tokens: Int, differsInBatch: Bool, differsInQueries: Bool) {
    self.values = values
    queryStride = differsInQueries ? tokens : 0
    batchStride = differsInBatch ? (differsInQueries ? tokens * tokens : tokens) : 0
  }

  func row(list: Int, query: Int) -> UnsafeMutablePointer<Float> {
    unsafe values.pointer + list * batchStride + query * queryStride
  }
}

/// What an attention computed, and what its pullback needs of it: the weights are made again there.
public struct AttentionTrace: Sendable {
  /// (B, L, D), heads side by side.
  public let output: Storage
  let tops: Storage  // (B, H, L): the largest score of each query
  let inverses: Storage  // (B, H, L): 1 / Σ exp(score - top)
}

/// Queries that are taken together. Their scores, one row of L a query, are all that attention keeps of its weights at
/// one time; a fixed number, so that nothing depends on the threads.
private let queryBlock = 64

/// softmax(Q Kᵀ / √(D / H) + mask) V of each head, where `packed` (B, L, 3 D) holds Q, K and V of a token side by
/// side, each with its heads side by side.
public func attention(_ packed: Storage, shape: AttentionShape, mask: AttentionMask?) -> AttentionTrace {
  precondition(
    packed.count == shape.batch * shape.tokens * 3 * shape.width, "\(packed.count) numbers for \(shape)")
  OpenBLAS.require()
  MultiplyAdds.add(2 * shape.batch * shape.tokens * shape.tokens * shape.width)
  let rows = shape.batch * shape.heads * shape.tokens
  let trace = AttentionTrace(
    output: Storage(count: shape.batch * shape.tokens * shape.width), tops: Storage(count: rows),
    inverses: Storage(count: rows))
  let blocks = (shape.tokens + queryBlock - 1) / queryBlock
  share(shape.batch * shape.heads * blocks) { task in
    let (pair, first) = (task / blocks, task % blocks * queryBlock)
    let queries = first..<min(shape.tokens, first + queryBlock)
    let scores = Storage(count: queries.count * shape.tokens)
    attend(
      packed, shape, mask, list: pair / shape.heads, head: pair % shape.heads, queries, scores, into: trace)
  }
  return trace
}

/// The output of one head for some queries of one list.
private func attend(
  _ packed: Storage, _ shape: AttentionShape, _ mask: AttentionMask?, list: Int, head: Int,
  _ queries: Range<Int>,
  _ scores: Storage, into trace: AttentionTrace
) {
  let (tokens, size) = (shape.tokens, shape.head)
  let q = unsafe part(0, of: packed, shape, list: list, head: head).from(row: queries.lowerBound)
  let k = unsafe part(1, of: packed, shape, list: list, head: head)
  let v = unsafe part(2, of: packed, shape, list: list, head: head)
  let weights = unsafe Matrix(scores, stride: tokens)
  let row = (list * shape.heads + head) * tokens + queries.lowerBound
  unsafe weights.setProduct(rows: queries.count, columns: tokens, depth: size, q, k.transposed)
  unsafe ck_attention_rows(
    queries.count, tokens, shape.scale, mask?.row(list: list, query: queries.lowerBound),
    mask?.queryStride ?? 0,
    scores.pointer, trace.tops.pointer + row, trace.inverses.pointer + row)
  let output = unsafe Matrix(trace.output, stride: shape.width).from(
    row: list * tokens + queries.lowerBound, column: head * size)
  unsafe output.setProduct(rows: queries.count, columns: size, depth: tokens, weights, v)
  // The weights add up to 1 only now: a row of the output is shorter than one of weights.
  for query in 0..<queries.count {
    let (to, inverse) = unsafe (output.pointer + query * shape.width, trace.inverses.pointer[row + query])
    for i in 0..<size { unsafe to[i] *= inverse }
  }
}

/// Q (0), K (1) or V (2) of a head of a list: (L, D / H).
private func part(_ number: Int, of packed: Storage, _ shape: AttentionShape, list: Int, head: Int) -> Matrix
{
  unsafe Matrix(packed, stride: 3 * shape.width).from(
    row: list * shape.tokens, column: number * shape.width + head * shape.head)
}

/// The pullback of `attention`: the gradient of `packed`, (B, L, 3 D). The weights are computed again, block by block.
public func attentionPullback(
  _ packed: Storage, shape: AttentionShape, mask: AttentionMask?, trace: AttentionTrace, _ gradient: Storage
) -> Storage {
  let result = Storage(count: packed.count)
  let (tokens, size) = (shape.tokens, shape.head)
  let block = min(queryBlock, tokens)
  share(shape.batch * shape.heads) { pair in
    let (list, head) = (pair / shape.heads, pair % shape.heads)
    let (scores, slopes) = (Storage(count: block * tokens), Storage(count: block * tokens))
    let dots = Storage(count: block)
    let k = unsafe part(1, of: packed, shape, list: list, head: head)
    let v = unsafe part(2, of: packed, shape, list: list, head: head)
    let weights = unsafe Matrix(scores, stride: tokens)
    let toScores = unsafe Matrix(slopes, stride: tokens)
    for first in stride(from: 0, to: tokens, by: block) {
      let count = min(block, tokens - first)
      let row = pair * tokens + first
      let q = unsafe part(0, of: packed, shape, list: list, head: head).from(row: first)
      let toOutput = unsafe Matrix(gradient, stride: shape.width).from(
        row: list * tokens + first, column: head * size)
      let output = unsafe Matrix(trace.output, stride: shape.width).from(
        row: list * tokens + first, column: head * size)
      for query in 0..<count {
        var dot = 0.0
        for i in query * shape.width..<query * shape.width + size {
          unsafe dot += Double(toOutput.pointer[i] * output.pointer[i])
        }
        unsafe dots.pointer[query] = Float(dot)
      }
      unsafe weights.setProduct(rows: count, columns: tokens, depth: size, q, k.transposed)
      unsafe toScores.setProduct(rows: count, columns: tokens, depth: size, toOutput, v.transposed)
      unsafe ck_attention_rows_backward(
        count, tokens, shape.scale, mask?.row(list: list, query: first), mask?.queryStride ?? 0,
        trace.tops.pointer + row, trace.inverses.pointer + row, dots.pointer, scores.pointer, slopes.pointer)
      unsafe part(0, of: result, shape, list: list, head: head).from(row: first).setProduct(
        rows: count, columns: size, depth: tokens, toScores, k)
      unsafe part(1, of: result, shape, list: list, head: head).setProduct(
        rows: tokens, columns: size, depth: count, toScores.transposed, q, adds: first > 0)
      unsafe part(2, of: result, shape, list: list, head: head).setProduct(
        rows: tokens, columns: size, depth: count, weights.transposed, toOutput, adds: first > 0)
    }
  }
  return result
}
