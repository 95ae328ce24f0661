import Kernels
import Skeleton
import TensorCore

/// Numbers that are left out in training so that no unit relies on another.
///
/// Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.
public struct Dropout {
  /// How probable it is that a number is left out.
  public let share: Float
  private let name: String

  /// A layer whose draws depend on the place's name; it has no parameters.
  public init(_ scope: Scope, share: Float) {
    precondition(share >= 0 && share < 1, "a share of \(share) to be dropped")
    (self.share, name) = (share, scope.path)
  }

  /// Each number 0 or divided by 1 - share; the tensor itself where the pass drops nothing.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    guard share > 0, let random = pass.random(name) else { return x }
    return x.dropped(share: share, random.words)
  }
}

/// Channels that are left out whole in training: of a map, neighbours are so alike that one tells what another was.
///
/// Source: Tompson et al., "Efficient object localization using convolutional networks", 2015, 3.2.
public struct ChannelDropout {
  /// How probable it is that a channel of a sample is left out.
  public let share: Float
  private let name: String

  /// A layer whose draws depend on the place's name; it has no parameters.
  public init(_ scope: Scope, share: Float) {
    precondition(share >= 0 && share < 1, "a share of \(share) to be dropped")
    (self.share, name) = (share, scope.path)
  }

  /// (N, …, C): each channel of a sample 0 or divided by 1 - share; the tensor itself where the pass drops nothing.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    guard share > 0, let random = pass.random(name), let channels = x.shape.last else { return x }
    let ones = Tensor([Float](repeating: 1, count: x.shape[0] * channels), shape: [x.shape[0], channels])
    let shape = [x.shape[0]] + [Int](repeating: 1, count: x.shape.count - 2) + [channels]
    return x * ones.dropped(share: share, random.words).reshaped(shape)
  }
}

/// Samples whose way through a residual branch is left out in training.
///
/// Source: Huang et al., "Deep networks with stochastic depth", 2016.
public struct DropPath {
  /// How probable it is that a sample's branch is left out.
  public let share: Float
  private let name: String

  /// A layer whose draws depend on the place's name; it has no parameters.
  public init(_ scope: Scope, share: Float) {
    precondition(share >= 0 && share < 1, "a share of \(share) to be dropped")
    (self.share, name) = (share, scope.path)
  }

  /// Each entry of the first axis 0 or divided by 1 - share; the tensor itself where the pass drops nothing.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    guard share > 0, var random = pass.random(name) else { return x }
    let factors = (0..<x.shape[0]).map { _ in random.unit() < share ? 0 : 1 / (1 - share) }
    let shape = [x.shape[0]] + x.shape.dropFirst().map { _ in 1 }
    return x * Tensor(factors, shape: shape)
  }
}

extension KeyedRandom {
  /// The words that this generator gives from its start, for loops that draw many at once.
  var words: WordSource { WordSource(key: key, stream: stream) }
}
