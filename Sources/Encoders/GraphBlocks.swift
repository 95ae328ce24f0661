import NN
import Skeleton
import TensorCore

/// Batch normalization of clips whose statistics are each body's own: (N, M, T, V, C) to (N · M, T, V, C); index
/// body · V · C + joint · C + coordinate.
struct BodyNorm {
  private let norm: BatchNorm1d
  private let shape: [Int]  // M, V, C

  init(_ scope: Scope, bodies: Int, joints: Int, coordinates: Int) {
    shape = [bodies, joints, coordinates]
    norm = BatchNorm1d(scope, features: shape.reduce(1, *))
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let (n, t) = (x.shape[0], x.shape[2])
    precondition(
      x.shape == [n, shape[0], t, shape[1], shape[2]], "clips of shape \(x.shape) for bodies of \(shape)")
    let frames = x.permuted([0, 2, 1, 3, 4]).reshaped([n, t, shape.reduce(1, *)])
    return norm(frames, pass).reshaped([n, t] + shape).permuted([0, 2, 1, 3, 4])
      .reshaped([n * shape[0], t, shape[1], shape[2]])
  }
}

/// A convolution over time and its norm, parameters `conv` and `bn`.
struct NormalizedConvolution {
  private let convolution: Convolution
  private let norm: BatchNorm1d

  init(
    _ scope: Scope, from inputs: Int, to outputs: Int, frames: Int, stride: Int = 1, dilation: Int = 1,
    normWeight: (inout KeyedRandom, [Int]) -> [Float] = constant(1)
  ) {
    convolution = Convolution(
      scope / "conv", from: inputs, to: outputs, frames: frames, stride: stride, dilation: dilation,
      start: .kaimingFanOut)
    norm = BatchNorm1d(scope / "bn", features: outputs, weight: normWeight)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { norm(convolution(x), pass) }
}

/// What a block adds to its result: nothing in the first block, the input, or a convolution of it where the sizes differ.
struct GraphResidual {
  private let isFirst: Bool
  private let projection: NormalizedConvolution?

  init(_ scope: Scope, _ size: GraphBlockSize, isFirst: Bool) {
    self.isFirst = isFirst
    projection =
      isFirst || (size.inputs == size.outputs && size.stride == 1)
      ? nil
      : NormalizedConvolution(scope, from: size.inputs, to: size.outputs, frames: 1, stride: size.stride)
  }

  func added(to y: Tensor, _ x: Tensor, _ pass: Pass) -> Tensor {
    isFirst ? y : y + (projection.map { $0(x, pass) } ?? x)
  }

  /// A 1×1 convolution and its norm, parameters `0` and `1`, where the channels differ.
  static func projection(_ scope: Scope, from inputs: Int, to outputs: Int) -> (Convolution, BatchNorm1d)? {
    inputs == outputs
      ? nil
      : (
        Convolution(scope / "0", from: inputs, to: outputs, start: .kaimingFanOut),
        BatchNorm1d(scope / "1", features: outputs)
      )
  }
}
