import CKernels

/// The pullback of `gruLayer`: gradients of its input, (T, N, I), unless nobody wants it, and of its weights.
///
/// Each direction, for each block of sequences, goes back through time on its own and leaves the gradients of
/// the gates of all steps, (T, N, 4H) in the order r, z, m, n. From these everything else is a few large
/// products: the input's products see r, z, n (columns 0 ..< 2H and 3H ..< 4H), the state's r, z, m (columns
/// 0 ..< 3H). Their rows stand at the stride that products with packed weights ask for.
public func gruLayerPullback(
  _ trace: GRULayerTrace, shape: RecurrentShape, weights: [RecurrentWeights], outputGradient: Storage,
  wantsInput: Bool
) -> (input: Storage?, weights: [RecurrentWeightGradients]) {
  let hidden = shape.hidden
  let gateStride = PackedMatrix.stride(4 * hidden)
  let gates = weights.map { _ in Storage(count: shape.rows * gateStride) }  // gradients, (T, N, 4H)
  let packed = packRecurrentWeights(weights, gates: 3, hidden: hidden, transposed: false)
  let block = shape.block(directions: weights.count)
  let tasks = (shape.sequences + block - 1) / block
  let biases = weights.map { _ in Storage(repeating: 0, count: tasks * 4 * hidden) }  // (tasks, 4H)
  share(tasks * weights.count) { task in
    let (direction, first) = (task / tasks, task % tasks * block)
    runBackward(
      shape, first..<min(shape.sequences, first + block), weights[direction], packed[direction],
      gates: trace.gates[direction], output: trace.output, outputGradient: outputGradient,
      outputStride: weights.count * hidden, outputColumn: direction * hidden, gradients: gates[direction],
      biasSums: biases[direction], task: task % tasks)
  }

  let input = wantsInput ? Storage(count: shape.rows * shape.input) : nil
  let results = zip(weights, biases).map { _, biases in
    let (inputBias, hiddenBias) = splitBiases(columnSums(biases, width: 4 * hidden), hidden: hidden)
    return RecurrentWeightGradients(
      input: Storage(count: 3 * hidden * shape.input), hidden: Storage(count: 3 * hidden * hidden),
      inputBias: inputBias, hiddenBias: hiddenBias)
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
  gates: Storage,
  output: Storage, outputGradient: Storage, outputStride: Int, outputColumn: Int, gradients: Storage,
  biasSums: Storage, task: Int
) {
  let hidden = shape.hidden
  let carriedStride = PackedMatrix.paddedColumns(hidden)
  let gradientStride = PackedMatrix.stride(4 * hidden)
  let carried = Storage(repeating: 0, count: block.count * carriedStride)  // (block, H)
  let direct = Storage(repeating: 0, count: block.count * hidden)  // (block, H)
  let zeros = Storage(repeating: 0, count: hidden)
  for step in (0..<shape.steps).reversed() {
    let row = weights.frame(step, of: shape.steps) * shape.sequences + block.lowerBound
    let previousRow = weights.frame(step - 1, of: shape.steps) * shape.sequences + block.lowerBound
    let previous =
      unsafe step > 0 ? output.pointer + previousRow * outputStride + outputColumn : zeros.pointer
    unsafe ck_gru_step_backward(
      block.count, hidden, gates.pointer + row * 4 * hidden, 4 * hidden, previous,
      step > 0 ? outputStride : 0,
      outputGradient.pointer + row * outputStride + outputColumn, outputStride, carried.pointer,
      carriedStride,
      direct.pointer, hidden, gradients.pointer + row * gradientStride, gradientStride,
      biasSums.pointer + task * 4 * hidden)
    if step > 0 {
      unsafe packed.multiply(
        rows: block.count, Matrix(gradients, stride: gradientStride).from(row: row),
        into: Matrix(carried, stride: carriedStride))
    }
  }
}

/// Sums (4H) of r, z, m, n as the gradients of the input's bias (r, z, n) and the state's (r, z, m).
private func splitBiases(_ sums: Storage, hidden: Int) -> (input: Storage, hidden: Storage) {
  let input = Storage(count: 3 * hidden)
  unsafe input.pointer.update(from: sums.pointer, count: 2 * hidden)
  unsafe (input.pointer + 2 * hidden).update(from: sums.pointer + 3 * hidden, count: hidden)
  let state = Storage(count: 3 * hidden)
  unsafe state.pointer.update(from: sums.pointer, count: 3 * hidden)
  return (input, state)
}

/// dX = sum over directions of dG W_input, in blocks of rows.
private func inputGradientTasks(
  _ shape: RecurrentShape, _ weights: [RecurrentWeights], gates: [Storage], into input: Storage
) -> [() -> Void] {
  let hidden = shape.hidden
  let gateStride = PackedMatrix.stride(4 * hidden)
  return stride(from: 0, to: shape.rows, by: productBlock).map { first in
    {
      let rows = min(productBlock, shape.rows - first)
      let result = unsafe Matrix(input, stride: shape.input).from(row: first)
      for (direction, weights) in weights.enumerated() {
        let gradient = unsafe Matrix(gates[direction], stride: gateStride).from(row: first)
        let weight = unsafe Matrix(weights.input, stride: shape.input)
        unsafe result.setProduct(
          rows: rows, columns: shape.input, depth: 2 * hidden, gradient, weight, adds: direction > 0)
        unsafe result.setProduct(
          rows: rows, columns: shape.input, depth: hidden, gradient.from(column: 3 * hidden),
          weight.from(row: 2 * hidden), adds: true)
      }
    }
  }
}

/// dW_input = dGᵀ X and dW_hidden = dGᵀ H, H the states one step before, in blocks of rows.
private func weightGradientTasks(
  _ shape: RecurrentShape, _ trace: GRULayerTrace, gates: Storage, runsBackward: Bool, outputStride: Int,
  outputColumn: Int, into result: RecurrentWeightGradients
) -> [() -> Void] {
  let hidden = shape.hidden
  let gradient = unsafe Matrix(gates, stride: PackedMatrix.stride(4 * hidden))
  var tasks: [() -> Void] = []
  // Rows of r and z are columns 0 ..< 2H of the gates; those of n are columns 3H ..< 4H.
  for (rows, column) in [(0..<2 * hidden, 0), (2 * hidden..<3 * hidden, 3 * hidden)] {
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: productBlock) {
      let count = min(productBlock, rows.upperBound - first)
      tasks.append {
        unsafe Matrix(result.input, stride: shape.input).from(row: first).setProduct(
          rows: count, columns: shape.input, depth: shape.rows,
          gradient.from(column: column + first - rows.lowerBound).transposed,
          Matrix(trace.input, stride: shape.input))
      }
    }
  }
  // Frame t follows frame t - 1, or backward in time frame t + 1; the first step follows nothing.
  let states = unsafe Matrix(trace.output, at: outputColumn, stride: outputStride)
  let later = unsafe gradient.from(row: runsBackward ? 0 : shape.sequences)
  let earlier = unsafe states.from(row: runsBackward ? shape.sequences : 0)
  for first in stride(from: 0, to: 3 * hidden, by: productBlock) {
    let count = min(productBlock, 3 * hidden - first)
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
