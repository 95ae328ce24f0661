import TensorCore

/// An array that is read and made number by number: what fast operations are compared with.
struct SlowArray {
  let shape: [Int]
  let values: [Float]

  init(_ tensor: Tensor) { (shape, values) = (tensor.shape, tensor.values) }

  /// The number at an index; 0 beyond the ends.
  subscript(_ index: [Int]) -> Float {
    var place = 0
    for (axis, length) in shape.enumerated() {
      guard (0..<length).contains(index[axis]) else { return 0 }
      place = place * length + index[axis]
    }
    return values[place]
  }

  /// Every index of a shape in order.
  static func indices(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { found, length in found.flatMap { index in (0..<length).map { index + [$0] } } }
  }

  /// An array whose numbers are told by their indices, added up in double precision.
  static func make(_ shape: [Int], _ value: ([Int]) -> Double) -> Tensor {
    Tensor(indices(shape).map { Float(value($0)) }, shape: shape)
  }
}

extension Tensor {
  /// How far it is from another, as a part of the other's largest number; infinite for another shape.
  func difference(from other: Tensor) -> Float {
    shape == other.shape ? relativeDifference(values, other.values) : .infinity
  }
}

/// Numbers between -1 and 1 of which no two are nearer than 2 / count, in an order that depends on the name alone: for
/// what picks the largest, whose gradient is none where two are equal.
func distinct(_ name: String, _ shape: [Int]) -> Tensor {
  let values = sample(name, shape).values
  let order = values.indices.sorted { values[$0] < values[$1] }
  var result = values
  for (rank, place) in order.enumerated() { result[place] = 2 * Float(rank) / Float(values.count) - 1 }
  return Tensor(result, shape: shape)
}
