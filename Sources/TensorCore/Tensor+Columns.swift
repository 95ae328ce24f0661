import Kernels

extension Tensor {
  /// The columns of the `count` largest numbers of each row, in rising order: (N, count) for (N, K). Of equal numbers
  /// the first ones count as the larger.
  public func largestColumns(_ count: Int) -> [Int] {
    precondition(shape.count == 2, "columns of shape \(shape), not (N, K)")
    return Kernels.largestColumns(storage, width: shape[1], count: count)
  }

  /// Of each row the numbers in its own columns: (N, K) to (N, count), `columns` being (N, count).
  public func columns(_ columns: [Int], count: Int) -> Tensor {
    precondition(
      shape.count == 2 && count > 0 && columns.count == shape[0] * count,
      "\(columns.count) columns, \(count) a row, of shape \(shape)")
    let width = shape[1]
    return Tensor(
      Kernels.gatherColumns(storage, width: width, columns, count: count), shape: [shape[0], count],
      inputs: [self]
    ) { gradient in
      [Kernels.scatterColumns(gradient, width: width, columns, count: count)]
    }
  }
}
