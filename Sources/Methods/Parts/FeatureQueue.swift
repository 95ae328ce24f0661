import NN
import Skeleton
import TensorCore

/// The last K keys, first in, first out: the negatives of contrast and the yardstick of distillation.
public struct FeatureQueue {
  /// What the keys are before there are any.
  public enum Start: Sendable {
    /// Random directions.
    case directions
    /// Numbers of U(±√(3 / D)), as AS-CAL's: rows of a mean squared length of 1.
    case uniform
  }

  /// Numbers in a key.
  public let size: Int
  /// Keys that are kept, K.
  public let count: Int
  private let keys: Parameter  // (K, D)
  private let place: Parameter  // (1)

  /// A queue of random rows, as at the start of training; each name has its own. Memory `name` and `name_ptr`.
  public init(_ scope: Scope, _ name: String, count: Int, size: Int, start: Start = .directions) {
    (self.count, self.size) = (count, size)
    keys = scope.memory(name) {
      var random = KeyedRandom(seed: scope.store.seed, view: name)
      guard start == .directions else {
        return Tensor(uniform((3 / Float(size)).squareRoot())(&random, [count, size]), shape: [count, size])
      }
      let values = (0..<(count * size)).map { _ in random.normal() }  // (K, D)
      return Tensor(values, shape: [count, size]).normalizedRows()
    }
    place = scope.memory("\(name)_ptr", number: .row(below: count)) { Tensor([0], shape: [1]) }
  }

  /// The keys, (K, D).
  public var rows: Tensor { keys.value }

  /// The row that the next key replaces.
  public var pointer: Int { Int(place.value.values[0]) }

  /// The keys that came last, (`number`, D), the newest at the end.
  public func newest(_ number: Int) -> Tensor {
    precondition(number <= count, "the newest \(number) of a queue of \(count)")
    return rows.rows((0..<number).map { (pointer - number + $0 + count) % count })
  }

  /// Sets the keys, (K, D), and the row that the next one replaces.
  public func fill(_ rows: Tensor, pointer: Int = 0) {
    (keys.value, place.value) = (rows, Tensor([Float(pointer % count)], shape: [1]))
  }

  /// The dot products of embeddings with every key, (N, D) to (N, K): cosines, since all have length 1.
  public func similarities(of embeddings: Tensor) -> Tensor { embeddings.matmul(rows, transposed: true) }

  /// Replaces the oldest keys by new ones, (N, D).
  public func enqueue(_ new: Tensor) {
    precondition(
      new.shape == [new.shape[0], size] && new.shape[0] <= count,
      "keys of shape \(new.shape), not (N, \(size)) for a queue of \(count)")
    let first = pointer % count
    let fitting = min(new.shape[0], count - first)
    var rows = self.rows
    if fitting == new.shape[0] {
      if fitting > 0 { rows = rows.replacingRows(from: first, with: new) }
    } else {
      rows = rows.replacingRows(from: first, with: new.rows(Array(0..<fitting)))
        .replacingRows(from: 0, with: new.rows(Array(fitting..<new.shape[0])))
    }
    fill(rows, pointer: first + new.shape[0])
  }
}
