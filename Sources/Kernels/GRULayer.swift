import CKernels

/// What a GRU layer computed, time first.
public struct GRULayerTrace: Sendable {
  let input: Storage  // (T, N, I)
  /// The hidden states of all directions side by side, (T, N, directions H).
  public let output: Storage
  /// For each direction r, z, n and m = W_hn h + b_hn, (T, N, 4H); empty where no pullback is wanted.
  let gates: [Storage]
}

/// One GRU layer over all time steps, its directions side by side.
///
/// The input's products of all steps are one large product. Then each direction, for each block of sequences,
/// goes through time on its own: one product with the packed recurrent weights and one loop over the gates a
/// step.
public func gruLayer(_ input: Storage, shape: RecurrentShape, weights: [RecurrentWeights], keepsTrace: Bool)
  -> GRULayerTrace
{
  OpenBLAS.require()
  let hidden = shape.hidden
  let rows = shape.rows
  MultiplyAdds.add(rows * weights.count * 3 * hidden * (shape.input + hidden))
  let gateStride = (keepsTrace ? 4 : 3) * hidden
  let gates = weights.map { _ in Storage(count: rows * gateStride) }  // (T, N, 3H or 4H)
  let output = Storage(count: rows * weights.count * hidden)

  let blocks = (rows + productBlock - 1) / productBlock
  share(blocks * weights.count) { task in
    let (direction, first) = (task / blocks, task % blocks * productBlock)
    unsafe Matrix(gates[direction], stride: gateStride).from(row: first).setProduct(
      rows: min(productBlock, rows - first), columns: 3 * hidden, depth: shape.input,
      Matrix(input, stride: shape.input).from(row: first),
      Matrix(weights[direction].input, stride: shape.input).transposed)
  }

  let packed = packRecurrentWeights(weights, gates: 3, hidden: hidden, transposed: true)
  let block = shape.block(directions: weights.count)
  let tasks = (shape.sequences + block - 1) / block
  share(tasks * weights.count) { task in
    let (direction, first) = (task / tasks, task % tasks * block)
    runForward(
      shape, first..<min(shape.sequences, first + block), weights[direction], packed[direction],
      gates: gates[direction], keepsTrace: keepsTrace, output: output, outputStride: weights.count * hidden,
      outputColumn: direction * hidden)
  }
  return GRULayerTrace(input: input, output: output, gates: keepsTrace ? gates : [])
}

/// All time steps of one direction for the sequences `block`.
private func runForward(
  _ shape: RecurrentShape, _ block: Range<Int>, _ weights: RecurrentWeights, _ packed: PackedMatrix,
  gates: Storage,
  keepsTrace: Bool, output: Storage, outputStride: Int, outputColumn: Int
) {
  let hidden = shape.hidden
  let gateStride = (keepsTrace ? 4 : 3) * hidden
  let recurrentStride = PackedMatrix.paddedColumns(3 * hidden)
  let stateStride = PackedMatrix.stride(hidden)
  let state = Storage(repeating: 0, count: block.count * stateStride)  // (block, H)
  let recurrent = Storage(repeating: 0, count: block.count * recurrentStride)  // (block, 3H)
  for step in 0..<shape.steps {
    let row = weights.frame(step, of: shape.steps) * shape.sequences + block.lowerBound
    // Before the first step the state is zero, and so is its product.
    if step > 0 {
      unsafe packed.multiply(
        rows: block.count, Matrix(state, stride: stateStride),
        into: Matrix(recurrent, stride: recurrentStride))
    }
    unsafe ck_gru_step(
      block.count, hidden, keepsTrace ? 1 : 0, gates.pointer + row * gateStride, gateStride,
      recurrent.pointer, recurrentStride, weights.inputBias.pointer, weights.hiddenBias.pointer,
      state.pointer, stateStride, output.pointer + row * outputStride + outputColumn, outputStride)
  }
}
