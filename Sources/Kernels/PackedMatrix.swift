import CKernels

/// The right side of products, laid out once so that each of many products reads it in order.
///
/// A GRU multiplies by the same weights at every time step; a library's `sgemm` lays them out anew each time,
/// which for 128 sequences costs more than a tenth of the product.
@safe
struct PackedMatrix {
  let depth: Int
  let columns: Int
  private let panels: Int
  private let storage: Storage  // (panels, depth, 16)

  /// The columns that a product's result needs room for: whole panels.
  static func paddedColumns(_ columns: Int) -> Int {
    (columns + Int(CK_PANEL) - 1) / Int(CK_PANEL) * Int(CK_PANEL)
  }

  /// The stride for rows of so many floats that are to be multiplied by a packed matrix.
  ///
  /// A tile of a product reads twelve rows at once. At a stride that is a multiple of 4 KiB all of them lie in one set
  /// of the first-level cache, whose eight ways they do not fit in: a third of the speed is lost.
  static func stride(_ count: Int) -> Int { count.isMultiple(of: 1024) ? count + Int(CK_PANEL) : count }

  /// Packs a matrix of (depth, columns), as it reads.
  @unsafe
  init(_ matrix: Matrix, depth: Int, columns: Int) {
    self.depth = depth
    self.columns = columns
    panels = PackedMatrix.paddedColumns(columns) / Int(CK_PANEL)
    storage = Storage(count: panels * depth * Int(CK_PANEL))
    unsafe ck_pack(
      depth, columns, matrix.pointer, matrix.isTransposed ? 1 : matrix.stride,
      matrix.isTransposed ? matrix.stride : 1, storage.pointer)
  }

  /// result (rows, padded columns) = a (rows, depth) times this; the stride of a is one that `stride` gives.
  @unsafe
  func multiply(rows: Int, _ a: Matrix, into result: Matrix) {
    unsafe precondition(
      !a.stride.isMultiple(of: 1024), "rows at a stride of \(a.stride) floats share a set of the cache")
    unsafe ck_product(
      rows, depth, panels, a.pointer, a.stride, storage.pointer, result.pointer, result.stride)
  }
}
