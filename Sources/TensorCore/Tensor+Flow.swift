import Kernels

extension Tensor {
  /// The same numbers; the gradient is multiplied by -factor on its way back.
  ///
  /// Source: Ganin and Lempitsky, "Unsupervised domain adaptation by backpropagation", 2015.
  public func reversed(_ factor: Float) -> Tensor {
    Tensor(storage, shape: shape, inputs: [self]) { gradient in [Kernels.scale(gradient, by: -factor)] }
  }

  /// The numbers of `other`, a constant of this shape; the gradient flows back as if they were this tensor's.
  ///
  /// Source: Bengio, Léonard and Courville, "Estimating or propagating gradients through stochastic neurons", 2013.
  public func straightThrough(_ other: Tensor) -> Tensor {
    precondition(
      shape == other.shape && !other.isVariable,
      "the numbers of shape \(other.shape), a constant, for a tensor of shape \(shape)")
    return Tensor(other.storage, shape: shape, inputs: [self]) { gradient in [gradient] }
  }

  /// Each number 0 with probability `share`, else divided by 1 - share, by words of the source.
  package func dropped(share: Float, _ source: WordSource) -> Tensor {
    Tensor(Kernels.drop(storage, share: share, source), shape: shape, inputs: [self]) { gradient in
      [Kernels.drop(gradient, share: share, source)]
    }
  }
}
