import Skeleton
import TensorCore

/// The last K keys, first in, first out: the negatives of contrast and the yardstick of distillation.
public struct FeatureQueue: Sendable {
  /// Numbers in a key.
  public let size: Int
  /// Keys that are kept, K.
  public let count: Int
  /// The keys, (K, D), each of length 1.
  public private(set) var rows: Tensor
  /// The row that the next key replaces.
  public private(set) var pointer: Int

  /// A queue of random directions, as at the start of training.
  public init(count: Int, size: Int, seed: UInt64) {
    var random = KeyedRandom(seed: seed, view: "queue")
    let values = (0..<(count * size)).map { _ in random.normal() }  // (K, D)
    self.init(rows: Tensor(values, shape: [count, size]).normalizedRows(), pointer: 0)
  }

  /// A queue of given keys, (K, D).
  public init(rows: Tensor, pointer: Int) {
    precondition(rows.shape.count == 2 && pointer >= 0 && pointer < rows.shape[0], "no queue: \(rows.shape)")
    (count, size) = (rows.shape[0], rows.shape[1])
    self.rows = rows
    self.pointer = pointer
  }

  /// The dot products of embeddings with every key, (N, D) to (N, K): cosines, since all have length 1.
  public func similarities(of embeddings: Tensor) -> Tensor { embeddings.matmul(rows, transposed: true) }

  /// Replaces the oldest keys by new ones, (N, D).
  public mutating func enqueue(_ keys: Tensor) {
    precondition(keys.shape == [keys.shape[0], size], "keys of shape \(keys.shape), not (N, \(size))")
    guard keys.shape[0] > 0 else { return }
    rows = rows.replacingRows(from: pointer, with: keys)
    pointer = (pointer + keys.shape[0]) % count
  }
}
