import CKernels

/// What an LSTM layer computed, time first.
public struct LSTMLayerTrace: Sendable {
  let input: Storage  // (T, N, I)
  /// The hidden states of all directions side by side, (T, N, directions H).
  public let output: Storage
  /// For each direction i, f, g and o, (T, N, 4H); empty where no pullback is wanted.
  let gates: [Storage]
  /// For each direction the cells, (T, N, H); empty where no pullback is wanted.
  let cells: [Storage]
}

/// One LSTM layer over all time steps, its directions side by side.
///
/// As `gruLayer`: the input's products of all steps are one large product; then each direction, for each block of
/// sequences, goes through time on its own.
public func lstmLayer(
  _ input: Storage, shape: RecurrentShape, weights: [RecurrentWeights], keepsTrace: Bool
) -> LSTMLayerTrace {
  OpenBLAS.require()
  let hidden = shape.hidden
  let rows = shape.rows
  MultiplyAdds.add(rows * weights.count * 4 * hidden * (shape.input + hidden))
  let gates = weights.map { _ in Storage(count: rows * 4 * hidden) }  // (T, N, 4H)
  let cells = keepsTrace ? weights.map { _ in Storage(count: rows * hidden) } : []  // (T, N, H)
  let output = Storage(count: rows * weights.count * hidden)

  let blocks = (rows + productBlock - 1) / productBlock
  share(blocks * weights.count) { task in
    let (direction, first) = (task / blocks, task % blocks * productBlock)
    unsafe Matrix(gates[direction], stride: 4 * hidden).from(row: first).setProduct(
      rows: min(productBlock, rows - first), columns: 4 * hidden, depth: shape.input,
      Matrix(input, stride: shape.input).from(row: first),
      Matrix(weights[direction].input, stride: shape.input).transposed)
  }

  let packed = packRecurrentWeights(weights, gates: 4, hidden: hidden, transposed: true)
  let block = shape.block(directions: weights.count)
  let tasks = (shape.sequences + block - 1) / block
  share(tasks * weights.count) { task in
    let (direction, first) = (task / tasks, task % tasks * block)
    runForward(
      shape, first..<min(shape.sequences, first + block), weights[direction], packed[direction],
      gates: gates[direction], cells: keepsTrace ? cells[direction] : nil, output: output,
      outputStride: weights.count * hidden, outputColumn: direction * hidden)
  }
  return LSTMLayerTrace(input: input, output: output, gates: keepsTrace ? gates : [], cells: cells)
}

/// All time steps of one direction for the sequences `block`.
private func runForward(
  _ shape: RecurrentShape, _ block: Range<Int>, _ weights: RecurrentWeights, _ packed: PackedMatrix,
  gates: Storage, cells: Storage?, output: Storage, outputStride: Int, outputColumn: Int
) {
  let hidden = shape.hidden
  let recurrentStride = PackedMatrix.paddedColumns(4 * hidden)
  let stateStride = PackedMatrix.stride(hidden)
  let state = Storage(repeating: 0, count: block.count * stateStride)  // (block, H)
  let recurrent = Storage(repeating: 0, count: block.count * recurrentStride)  // (block, 4H)
  // (block, H): the cells before the first step, and all others where nobody keeps them.
  let first = Storage(repeating: 0, count: block.count * hidden)
  for step in 0..<shape.steps {
    let row = weights.frame(step, of: shape.steps) * shape.sequences + block.lowerBound
    let previousRow = weights.frame(step - 1, of: shape.steps) * shape.sequences + block.lowerBound
    // Before the first step the state is zero, and so is its product.
    if step > 0 {
      unsafe packed.multiply(
        rows: block.count, Matrix(state, stride: stateStride),
        into: Matrix(recurrent, stride: recurrentStride))
    }
    let before: UnsafePointer<Float>
    if step > 0, let cells {
      unsafe before = UnsafePointer(cells.pointer + previousRow * hidden)
    } else {
      unsafe before = UnsafePointer(first.pointer)
    }
    let cell = unsafe cells.map { unsafe $0.pointer + row * hidden } ?? first.pointer
    unsafe ck_lstm_step(
      block.count, hidden, cells == nil ? 0 : 1, gates.pointer + row * 4 * hidden, 4 * hidden,
      recurrent.pointer, recurrentStride, weights.inputBias.pointer, weights.hiddenBias.pointer, before,
      hidden,
      cell, hidden, state.pointer, stateStride, output.pointer + row * outputStride + outputColumn,
      outputStride)
  }
}
