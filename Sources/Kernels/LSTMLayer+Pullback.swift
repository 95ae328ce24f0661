import CKernels

/// The pullback of `lstmLayer`: gradients of its input, (T, N, I), unless nobody wants it, and of its weights.
///
/// As `gruLayerPullback`: back through time for each direction and block of sequences, which leaves the gradients of
/// the gates of all steps, (T, N, 4H) at the stride that products with packed weights ask for; then a few large
/// products. Both biases are added to the same gates, so they have the same gradient.
public func lstmLayerPullback(
  _ trace: LSTMLayerTrace, shape: RecurrentShape, weights: [RecurrentWeights], outputGradient: Storage,
  wantsInput: Bool
) -> (input: Storage?, weights: [RecurrentWeightGradients]) {
  let hidden = shape.hidden
  let gateStride = PackedMatrix.stride(4 * hidden)
  let gates = weights.map { _ in Storage(count: shape.rows * gateStride) }  // gradients, (T, N, 4H)
  let packed = packRecurrentWeights(weights, gates: 4, hidden: hidden, transposed: false)
  let block = shape.block(directions: weights.count)
  let tasks = (shape.sequences + block - 1) / block
  let biases = weights.map { _ in Storage(repeating: 0, count: tasks * 4 * hidden) }  // (tasks, 4H)
  share(tasks * weights.count) { task in
    let (direction, first) = (task / tasks, task % tasks * block)
    runBackward(
      shape, first..<min(shape.sequences, first + block), weights[direction], packed[direction],
      gates: trace.gates[direction], cells: trace.cells[direction], outputGradient: outputGradient,
      outputStride: weights.count * hidden, outputColumn: direction * hidden, gradients: gates[direction],
      biasSums: biases[direction], task: task % tasks)
  }

  let input = wantsInput ? Storage(count: shape.rows * shape.input) : nil
  let results = biases.map { biases in
    let bias = columnSums(biases, width: 4 * hidden)
    return RecurrentWeightGradients(
      input: Storage(count: 4 * hidden * shape.input), hidden: Storage(count: 4 * hidden * hidden),
      inputBias: bias, hiddenBias: bias)
  }
  var work: [() -> Void] = []
  if let input { work += inputGradientTasks(shape, weights, gates: gates, into: input) }
  for direction in weights.indices {
    work += weightGradientTasks(
      shape, trace, gates: gates[direction], runsBackward: weights[direction].runsBackward,
      outputStride: weights.count * hidden, outputColumn: direction * hidden, into: results[direction])
  }
  share(work.count) { work[$0]() }
  return (input, results)
}

/// All time steps of one direction for the sequences `block`, last step first.
private func runBackward(
  _ shape: RecurrentShape, _ block: Range<Int>, _ weights: RecurrentWeights, _ packed: PackedMatrix,
  gates: Storage, cells: Storage, outputGradient: Storage, outputStride: Int, outputColumn: Int,
  gradients: Storage, biasSums: Storage, task: Int
) {
  let hidden = shape.hidden
  let carriedStride = PackedMatrix.paddedColumns(hidden)
  let gradientStride = PackedMatrix.stride(4 * hidden)
  let carried = Storage(repeating: 0, count: block.count * carriedStride)  // (block, H)
  let cellGradient = Storage(repeating: 0, count: block.count * hidden)  // (block, H)
  let zeros = Storage(repeating: 0, count: hidden)
  for step in (0..<shape.steps).reversed() {
    let row = weights.frame(step, of: shape.steps) * shape.sequences + block.lowerBound
    let previousRow = weights.frame(step - 1, of: shape.steps) * shape.sequences + block.lowerBound
    let before = unsafe step > 0 ? cells.pointer + previousRow * hidden : zeros.pointer
    unsafe ck_lstm_step_backward(
      block.count, hidden, gates.pointer + row * 4 * hidden, 4 * hidden, cells.pointer + row * hidden, hidden,
      before, step > 0 ? hidden : 0, outputGradient.pointer + row * outputStride + outputColumn, outputStride,
      carried.pointer, carriedStride, cellGradient.pointer, hidden, gradients.pointer + row * gradientStride,
      gradientStride, biasSums.pointer + task * 4 * hidden)
    if step > 0 {
      unsafe packed.multiply(
        rows: block.count, Matrix(gradients, stride: gradientStride).from(row: row),
        into: Matrix(carried, stride: carriedStride))
    }
  }
}

/// dX = sum over directions of dG W_input, in blocks of rows.
private func inputGradientTasks(
  _ shape: RecurrentShape, _ weights: [RecurrentWeights], gates: [Storage], into input: Storage
) -> [() -> Void] {
  let gateStride = PackedMatrix.stride(4 * shape.hidden)
  return stride(from: 0, to: shape.rows, by: productBlock).map { first in
    {
      let result = unsafe Matrix(input, stride: shape.input).from(row: first)
      for (direction, weights) in weights.enumerated() {
        unsafe result.setProduct(
          rows: min(productBlock, shape.rows - first), columns: shape.input, depth: 4 * shape.hidden,
          Matrix(gates[direction], stride: gateStride).from(row: first),
          Matrix(weights.input, stride: shape.input), adds: direction > 0)
      }
    }
  }
}

/// dW_input = dGᵀ X and dW_hidden = dGᵀ H, H the states one step before, in blocks of rows.
private func weightGradientTasks(
  _ shape: RecurrentShape, _ trace: LSTMLayerTrace, gates: Storage, runsBackward: Bool, outputStride: Int,
  outputColumn: Int, into result: RecurrentWeightGradients
) -> [() -> Void] {
  let hidden = shape.hidden
  let gradient = unsafe Matrix(gates, stride: PackedMatrix.stride(4 * hidden))
  // Frame t follows frame t - 1, or backward in time frame t + 1; the first step follows nothing.
  let states = unsafe Matrix(trace.output, at: outputColumn, stride: outputStride)
  let later = unsafe gradient.from(row: runsBackward ? 0 : shape.sequences)
  let earlier = unsafe states.from(row: runsBackward ? shape.sequences : 0)
  var tasks: [() -> Void] = []
  for first in stride(from: 0, to: 4 * hidden, by: productBlock) {
    let count = min(productBlock, 4 * hidden - first)
    tasks.append {
      unsafe Matrix(result.input, stride: shape.input).from(row: first).setProduct(
        rows: count, columns: shape.input, depth: shape.rows, gradient.from(column: first).transposed,
        Matrix(trace.input, stride: shape.input))
    }
    tasks.append {
      let block = unsafe Matrix(result.hidden, stride: hidden).from(row: first)
      guard shape.steps > 1 else {
        unsafe block.pointer.update(repeating: 0, count: count * hidden)
        return
      }
      unsafe block.setProduct(
        rows: count, columns: hidden, depth: (shape.steps - 1) * shape.sequences,
        later.from(column: first).transposed, earlier)
    }
  }
  return tasks
}
