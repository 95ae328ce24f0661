import CKernels

/// The sizes of a convolution over two axes: samples (N, A, B, C) to (N, A', B', O).
public struct ConvolutionShape: Sendable {
  let samples: Int
  let size: (Int, Int)
  let channels: Int
  let outputs: Int
  let kernel: (Int, Int)
  let stride: (Int, Int)
  let dilation: (Int, Int)
  let padding: (Int, Int)

  /// A' and B': (A + 2 padding - dilation (kernel - 1) - 1) / stride + 1, rounded down.
  public let outputSize: (Int, Int)

  /// Sizes as the names say; each pair is for axis A and axis B, and zeros are put around the input.
  public init(
    samples: Int, size: (Int, Int), channels: Int, outputs: Int, kernel: (Int, Int), stride: (Int, Int),
    dilation: (Int, Int), padding: (Int, Int)
  ) {
    func length(_ count: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: Int) -> Int {
      let room = count + 2 * padding - dilation * (kernel - 1) - 1
      precondition(
        room >= 0 && stride > 0 && dilation > 0,
        "a window of \(kernel), dilation \(dilation), over \(count) with \(padding) zeros at each end")
      return room / stride + 1
    }
    precondition(channels > 0 && outputs > 0, "a convolution from \(channels) to \(outputs) channels")
    (self.samples, self.size, self.channels, self.outputs) = (samples, size, channels, outputs)
    (self.kernel, self.stride, self.dilation, self.padding) = (kernel, stride, dilation, padding)
    outputSize = (
      length(size.0, kernel.0, stride.0, dilation.0, padding.0),
      length(size.1, kernel.1, stride.1, dilation.1, padding.1)
    )
  }

  var taps: Int { kernel.0 * kernel.1 }
  var inputRows: Int { size.0 * size.1 }
  var outputRows: Int { outputSize.0 * outputSize.1 }

  /// Whether each output row reads the input row of its own number alone.
  var isPointwise: Bool { taps == 1 && stride == (1, 1) && padding == (0, 0) }

  /// What one task computes: a sample, or some rows of all where rows do not meet.
  var unit: (inputRows: Int, outputRows: Int, count: Int) {
    guard isPointwise else { return (inputRows, outputRows, samples) }
    let rows = 512
    return (rows, rows, (samples * inputRows + rows - 1) / rows)
  }

  /// How many output rows a unit has; the last one may have fewer.
  func rows(ofUnit number: Int) -> Int {
    min(unit.outputRows, samples * outputRows - number * unit.outputRows)
  }

  /// For each output row of a unit and each tap the input row that is read, or -1: (rows, taps).
  func places() -> [Int32] {
    if isPointwise { return (0..<Int32(unit.outputRows)).map { $0 } }
    var places: [Int32] = []
    places.reserveCapacity(outputRows * taps)
    for a in 0..<outputSize.0 {
      for b in 0..<outputSize.1 {
        for i in 0..<kernel.0 {
          let row = a * stride.0 + i * dilation.0 - padding.0
          for j in 0..<kernel.1 {
            let column = b * stride.1 + j * dilation.1 - padding.1
            let isInside = row >= 0 && row < size.0 && column >= 0 && column < size.1
            places.append(isInside ? Int32(row * size.1 + column) : -1)
          }
        }
      }
    }
    return places
  }

  /// For each input row of a unit and each tap the output row that read it there, or -1: (rows, taps).
  func readers() -> [Int32] {
    if isPointwise { return places() }
    var readers = [Int32](repeating: -1, count: inputRows * taps)
    for (index, place) in places().enumerated() where place >= 0 {
      readers[Int(place) * taps + index % taps] = Int32(index / taps)
    }
    return readers
  }
}

/// A convolution: x (N, A, B, C) and weight (O, C, kernel A, kernel B) to (N, A', B', O), plus a bias (O).
public func convolve(_ x: Storage, _ weight: Storage, bias: Storage?, _ shape: ConvolutionShape) -> Storage {
  let (taps, channels, outputs) = (shape.taps, shape.channels, shape.outputs)
  precondition(
    x.count == shape.samples * shape.inputRows * channels && weight.count == outputs * channels * taps
      && (bias?.count ?? outputs) == outputs,
    "\(x.count) inputs, \(weight.count) weights and \(bias?.count ?? 0) biases of a convolution")
  MultiplyAdds.add(shape.samples * shape.outputRows * taps * channels * outputs)
  // (O, taps, C), of which rows (taps C) are packed.
  let ordered = permute(weight, shape: [outputs, channels, taps], order: [0, 2, 1])
  let packed = unsafe PackedPanels(
    ordered, depth: taps * channels, columns: outputs, rowStride: 1, columnStride: taps * channels)
  return gatherProduct(
    x, depth: channels, places: shape.places(), taps: taps, packed, bias: bias,
    units: shape.unit.count, inputRows: shape.unit.inputRows, outputRows: shape.unit.outputRows,
    rows: shape.samples * shape.outputRows)
}

/// The gradient of a convolution's input, from that of its output, (N, A', B', O).
public func convolvePullback(_ gradient: Storage, _ weight: Storage, _ shape: ConvolutionShape) -> Storage {
  let (taps, channels, outputs) = (shape.taps, shape.channels, shape.outputs)
  // (taps, O, C), of which rows (taps O) are packed.
  let ordered = permute(weight, shape: [outputs, channels, taps], order: [2, 0, 1])
  let packed = unsafe PackedPanels(
    ordered, depth: taps * outputs, columns: channels, rowStride: channels, columnStride: 1)
  return gatherProduct(
    gradient, depth: outputs, places: shape.readers(), taps: taps, packed, bias: nil,
    units: shape.unit.count, inputRows: shape.unit.outputRows, outputRows: shape.unit.inputRows,
    rows: shape.samples * shape.inputRows)
}

/// The gradient of a convolution's weight, (O, C, kernel A, kernel B).
///
/// Units go to at most 16 groups, whatever the threads; each group adds up its own, then the groups' sums are added.
public func convolveWeightPullback(_ x: Storage, _ gradient: Storage, _ shape: ConvolutionShape) -> Storage {
  let (taps, channels, outputs) = (shape.taps, shape.channels, shape.outputs)
  let width = PackedMatrix.paddedColumns(outputs)
  let padded =
    width == outputs
    ? gradient
    : padAxis(
      gradient, Axis(1, of: [gradient.count / outputs, width]), first: 0, count: outputs)
  let places = shape.places()
  let unit = shape.unit
  let perGroup = (unit.count + 15) / 16
  let groups = (unit.count + perGroup - 1) / perGroup
  let sums = Storage(repeating: 0, count: groups * taps * channels * width)
  share(groups) { group in
    let to = unsafe sums.pointer + group * taps * channels * width
    for number in group * perGroup..<min(unit.count, (group + 1) * perGroup) {
      unsafe places.withUnsafeBufferPointer { table in
        guard let table = table.baseAddress else { return }
        unsafe ck_gather_outer(
          shape.rows(ofUnit: number), taps, channels, width / Int(CK_PANEL),
          x.pointer + number * unit.inputRows * channels, table,
          padded.pointer + number * unit.outputRows * width, width, to, width)
      }
    }
  }
  let total = groups == 1 ? sums : columnSums(sums, width: taps * channels * width)  // (taps, C, padded O)
  let trimmed =
    width == outputs
    ? total : sliceAxis(total, Axis(1, of: [taps * channels, width]), first: 0, count: outputs)
  return permute(trimmed, shape: [taps, channels, outputs], order: [2, 1, 0])
}

/// A right side of products laid out in panels of 16 columns.
@safe
private struct PackedPanels {
  let columns: Int
  let panels: Int
  let storage: Storage  // (panels, depth, 16)

  /// Element (k, j) of the (depth, columns) matrix is matrix[k rowStride + j columnStride].
  @unsafe
  init(_ matrix: Storage, depth: Int, columns: Int, rowStride: Int, columnStride: Int) {
    self.columns = columns
    panels = PackedMatrix.paddedColumns(columns) / Int(CK_PANEL)
    storage = Storage(count: panels * depth * Int(CK_PANEL))
    unsafe ck_pack(depth, columns, matrix.pointer, rowStride, columnStride, storage.pointer)
  }
}

/// Every output row is the bias and the sum over taps of the input row at its place times the tap's weights.
private func gatherProduct(
  _ x: Storage, depth: Int, places: [Int32], taps: Int, _ packed: PackedPanels, bias: Storage?, units: Int,
  inputRows: Int, outputRows: Int, rows total: Int
) -> Storage {
  let columns = packed.columns
  let padded = packed.panels * Int(CK_PANEL)
  let result = Storage(count: total * columns)
  let zeros = Storage(repeating: 0, count: max(1, depth))
  let offset = bias.map { padAxis($0, Axis(0, of: [padded]), first: 0, count: columns) }
  share(units) { number in
    let rows = min(outputRows, total - number * outputRows)
    // Rows that are not whole panels are computed beside and then copied.
    let own = padded == columns ? nil : Storage(count: rows * padded)
    let to = unsafe own?.pointer ?? result.pointer + number * outputRows * columns
    unsafe places.withUnsafeBufferPointer { table in
      guard let table = table.baseAddress else { return }
      unsafe ck_gather_product(
        rows, taps, depth, packed.panels, x.pointer + number * inputRows * depth, table, zeros.pointer,
        packed.storage.pointer, offset?.pointer, to, padded)
    }
    guard let own else { return }
    for row in 0..<rows {
      unsafe (result.pointer + (number * outputRows + row) * columns).update(
        from: own.pointer + row * padded, count: columns)
    }
  }
  return result
}
