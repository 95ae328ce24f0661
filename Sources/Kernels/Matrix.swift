import COpenBLAS

/// A row-major matrix inside a storage, for the length of one kernel.
@unsafe
struct Matrix {
  var pointer: UnsafeMutablePointer<Float>
  /// Floats from one row, as stored, to the next.
  var stride: Int
  var isTransposed = false

  init(_ pointer: UnsafeMutablePointer<Float>, stride: Int) {
    unsafe self.pointer = unsafe pointer
    unsafe self.stride = stride
  }

  init(_ storage: Storage, at offset: Int = 0, stride: Int) {
    unsafe self.init(storage.pointer + offset, stride: stride)
  }

  /// The same memory with rows and columns exchanged.
  var transposed: Matrix {
    var other = unsafe self
    unsafe other.isTransposed.toggle()
    return unsafe other
  }

  /// The matrix whose first element is at (row, column) of this one, as it reads.
  func from(row: Int = 0, column: Int = 0) -> Matrix {
    var other = unsafe self
    unsafe other.pointer += unsafe isTransposed ? column * stride + row : row * stride + column
    return unsafe other
  }

  /// self (rows, columns) = a (rows, depth) b (depth, columns), added to what is there if `adds`. On this
  /// thread.
  func setProduct(rows: Int, columns: Int, depth: Int, _ a: Matrix, _ b: Matrix, adds: Bool = false) {
    if rows == 0 || columns == 0 { return }
    unsafe cblas_sgemm(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(depth), 1, a.pointer, blasint(a.stride), b.pointer,
      blasint(b.stride), adds ? 1 : 0, pointer, blasint(stride))
  }
}

/// Rows or columns of a large product that one task computes; blocks of this size cost three percent over the
/// whole product at once.
let productBlock = 512

/// Rows or columns of a product that one task computes, from its shape alone, since OpenBLAS's sums depend on
/// the shape that it is given: a quarter of the longer side, within reason, or all where that is not worth a
/// task.
private func block(m: Int, n: Int, k: Int) -> Int {
  let side = max(m, n)
  return m * n * k < 1 << 20 ? side : max(128, min(productBlock, (side + 3) / 4))
}

/// c (m, n) = a b, where a is stored as (m, k) or, transposed, (k, m), and b as (k, n) or, transposed, (n,
/// k).
public func product(
  _ a: Storage, _ b: Storage, m: Int, n: Int, k: Int, transposesA: Bool = false, transposesB: Bool = false
) -> Storage {
  precondition(
    a.count == m * k && b.count == k * n, "(\(m), \(k)) x (\(k), \(n)) of \(a.count) and \(b.count)")
  OpenBLAS.require()
  MultiplyAdds.add(m * n * k)
  let c = Storage(count: m * n)
  if k == 0 { return Storage(repeating: 0, count: m * n) }
  let left = unsafe transposesA ? Matrix(a, stride: m).transposed : Matrix(a, stride: k)
  let right = unsafe transposesB ? Matrix(b, stride: k).transposed : Matrix(b, stride: n)
  let result = unsafe Matrix(c, stride: n)
  let block = block(m: m, n: n, k: k)
  if m >= n {
    shareBlocks(m, size: block) { rows in
      unsafe result.from(row: rows.lowerBound).setProduct(
        rows: rows.count, columns: n, depth: k, left.from(row: rows.lowerBound), right)
    }
  } else {
    shareBlocks(n, size: block) { columns in
      unsafe result.from(column: columns.lowerBound).setProduct(
        rows: m, columns: columns.count, depth: k, left, right.from(column: columns.lowerBound))
    }
  }
  return c
}
