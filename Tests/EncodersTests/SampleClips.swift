import NN
import Skeleton
import TensorCore

/// Numbers of U(-1, 1), the same ones each time.
func sampleClips(_ shape: [Int]) -> Tensor {
  var random = KeyedRandom(seed: 1, view: "clips")
  return Tensor((0..<shape.reduce(1, *)).map { _ in random.uniform(-1, 1) }, shape: shape)
}

extension ParameterStore {
  /// How many numbers all parameters have, without buffers.
  var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }
}
