import CKernels

/// One of two sides of many products: matrices one after the other.
public struct BatchedSide: Sendable {
  let storage: Storage
  /// Whether each matrix is stored with rows and columns exchanged.
  let isTransposed: Bool
  /// How many products in a row share a matrix.
  let repeats: Int

  /// Matrices one after the other, each for `repeats` products in a row.
  public init(_ storage: Storage, transposed: Bool = false, repeats: Int = 1) {
    (self.storage, isTransposed, self.repeats) = (storage, transposed, repeats)
  }
}

/// The sizes of many products (m, k) x (k, n) of two sides.
public struct BatchedShape: Sendable {
  let products: Int
  let m: Int
  let n: Int
  let k: Int

  /// Sizes as the names say.
  public init(products: Int, m: Int, n: Int, k: Int) {
    (self.products, self.m, self.n, self.k) = (products, m, n, k)
  }

  /// From this size on a product is the library's; smaller ones would be mostly overhead there.
  static let large = 1 << 18

  var operations: Int { max(1, m * n * k) }
}

/// Many products, (products, m, n); with `sums`, the sums of so many products in a row, (products / sums, m, n).
///
/// Where few sums are of many products, these are added in segments whose number depends on the sizes alone.
public func batchedProduct(_ a: BatchedSide, _ b: BatchedSide, _ shape: BatchedShape, sums: Int = 1)
  -> Storage
{
  let (m, n, k) = (shape.m, shape.n, shape.k)
  precondition(
    a.storage.count * a.repeats == shape.products * m * k
      && b.storage.count * b.repeats == shape.products * k * n && sums > 0 && shape.products % sums == 0,
    "\(a.storage.count) x \(a.repeats) and \(b.storage.count) x \(b.repeats) numbers for \(shape)")
  OpenBLAS.require()
  MultiplyAdds.add(shape.products * m * n * k)
  let results = shape.products / sums
  if k == 0 || results * m * n == 0 { return Storage(repeating: 0, count: results * m * n) }
  let segments = results >= 16 ? 1 : min(sums, 16)
  let length = (sums + segments - 1) / segments
  let used = (sums + length - 1) / length
  let partial = Storage(count: results * used * m * n)  // (results, segments, m, n)
  // Neighbours are one task where they are small.
  let tasks = results * used
  shareBlocks(tasks, size: max(1, (1 << 20) / (shape.operations * length))) { block in
    var packing = Packing()
    for task in block {
      let (result, segment) = (task / used, task % used)
      let to = unsafe partial.pointer + task * m * n
      for number in segment * length..<min(sums, (segment + 1) * length) {
        unsafe addProduct(
          a, b, shape, number: result * sums + number, to: to, adds: number > segment * length, &packing)
      }
    }
  }
  return used == 1 ? partial : sumAxis(partial, Axis(1, of: [results, used, m * n]))
}

/// The right side of one product in panels of 16 columns, kept while products share it.
private struct Packing {
  var number = -1
  var storage: Storage?
}

/// c (m, n) = or += the product with this number.
private func addProduct(
  _ a: BatchedSide, _ b: BatchedSide, _ shape: BatchedShape, number: Int, to c: UnsafeMutablePointer<Float>,
  adds: Bool, _ packing: inout Packing
) {
  let (m, n, k) = (shape.m, shape.n, shape.k)
  let left = unsafe a.storage.pointer + number / a.repeats * m * k
  let right = unsafe b.storage.pointer + number / b.repeats * k * n
  if shape.operations >= BatchedShape.large {
    let x = unsafe a.isTransposed ? Matrix(left, stride: m).transposed : Matrix(left, stride: k)
    let y = unsafe b.isTransposed ? Matrix(right, stride: k).transposed : Matrix(right, stride: n)
    unsafe Matrix(c, stride: n).setProduct(rows: m, columns: n, depth: k, x, y, adds: adds)
    return
  }
  let (rowStride, columnStride) = a.isTransposed ? (1, m) : (k, 1)
  guard b.isTransposed else {
    unsafe ck_small_product(m, n, k, left, rowStride, columnStride, right, n, c, n, adds ? 1 : 0)
    return
  }
  let panel = Int(CK_PANEL)
  if packing.number != number / b.repeats || packing.storage == nil {
    let storage = packing.storage ?? Storage(count: PackedMatrix.paddedColumns(n) * k)
    unsafe ck_pack(k, n, right, 1, k, storage.pointer)
    packing = Packing(number: number / b.repeats, storage: storage)
  }
  guard let packed = packing.storage else { return }
  for first in stride(from: 0, to: n, by: panel) {
    unsafe ck_small_product(
      m, min(panel, n - first), k, left, rowStride, columnStride, packed.pointer + first * k, panel,
      c + first,
      n, adds ? 1 : 0)
  }
}

/// One product a channel, c[s, i, j, :] = sum over k of a[s, i, k, :] b[s, k, j, :]: what a graph of its own does to each
/// channel.
///
/// - Parameters:
///   - a: as stored, (samples, rows, depth, C), or (samples, depth, rows, C) where `aTransposed`.
///   - b: as stored, (samples, depth, columns, C), or (samples, columns, depth, C) where `bTransposed`.
/// - Returns: (samples, rows, columns, C).
public func channelProduct(
  _ a: Storage, _ b: Storage, samples: Int, rows: Int, columns: Int, depth: Int, channels: Int,
  aTransposed: Bool = false, bTransposed: Bool = false
) -> Storage {
  precondition(
    a.count == samples * rows * depth * channels && b.count == samples * depth * columns * channels,
    "\(a.count) and \(b.count) numbers for (\(rows), \(depth)) x (\(depth), \(columns)) of \(channels) channels"
  )
  MultiplyAdds.add(samples * rows * columns * depth * channels)
  let result = Storage(count: samples * rows * columns * channels)
  let (aRow, aDepth) = aTransposed ? (channels, rows * channels) : (depth * channels, channels)
  let (bDepth, bColumn) = bTransposed ? (channels, depth * channels) : (columns * channels, channels)
  // Rows of a sample that one task computes.
  let block = max(4, min(rows, elementBlock / max(1, columns * channels)) / 4 * 4)
  let blocks = (rows + block - 1) / block
  share(samples * blocks) { task in
    let (sample, first) = (task / blocks, task % blocks * block)
    unsafe ck_lane_product(
      min(block, rows - first), columns, depth, channels,
      a.pointer + sample * rows * depth * channels + first * aRow, aRow, aDepth,
      b.pointer + sample * depth * columns * channels, bDepth, bColumn,
      result.pointer + (sample * rows + first) * columns * channels, columns * channels, channels)
  }
  return result
}
