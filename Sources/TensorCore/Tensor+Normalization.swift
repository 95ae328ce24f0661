import Kernels

extension Tensor {
  /// softmax along the last axis, of this tensor plus a mask: a constant whose shape can be repeated to this one's.
  ///
  /// What a mask hides has a very negative number there, -∞ included; a row that hides all is uniform.
  public func softmax(mask: Tensor? = nil) -> Tensor {
    let x = masked(mask)
    let width = x.width
    let (y, _) = Kernels.softmaxRows(x.storage, width: width, scale: 1)
    return Tensor(y, shape: shape, inputs: [x]) { gradient in
      [Kernels.softmaxRowsPullback(y, gradient, width: width)]
    }
  }

  /// The logarithm of `softmax(mask:)`.
  public func logSoftmax(mask: Tensor? = nil) -> Tensor {
    let x = masked(mask)
    let width = x.width
    let (probabilities, sums) = Kernels.softmaxRows(x.storage, width: width, scale: 1)
    return Tensor(
      Kernels.logSoftmaxRows(x.storage, logSums: sums, width: width), shape: shape, inputs: [x]
    ) { gradient in
      [Kernels.logSoftmaxRowsPullback(probabilities, gradient, width: width)]
    }
  }

  private func masked(_ mask: Tensor?) -> Tensor {
    guard let mask else { return self }
    precondition(
      !mask.isVariable && Kernels.repeatedShape(shape, mask.shape) == shape,
      "a mask of shape \(mask.shape), a constant, for shape \(shape)")
    // An infinite number would leave none where a row hides all.
    return self + Tensor(Kernels.clamp(mask.storage, -1e30, 1e30), shape: mask.shape)
  }

  /// Each row, along the last axis, minus its mean and divided by its deviation √(variance + epsilon), times the weight
  /// plus the bias, (C) both.
  ///
  /// Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
  public func layerNormalized(weight: Tensor, bias: Tensor, epsilon: Float) -> Tensor {
    let width = width
    precondition(
      weight.shape == [width] && bias.shape == [width],
      "a layer norm of shape \(shape) with weights \(weight.shape) and biases \(bias.shape)")
    let (rows, inverse) = Kernels.standardizeRows(storage, width: width, epsilon: epsilon)
    let w = weight.storage
    let (needsInput, needsWeight, needsBias) = (isVariable, weight.isVariable, bias.isVariable)
    let y = Kernels.add(Kernels.multiply(rows, w), bias.storage)
    return Tensor(y, shape: shape, inputs: [self, weight, bias]) { gradient in
      [
        needsInput
          ? Kernels.standardizeRowsPullback(
            rows, inverse: inverse, Kernels.multiply(gradient, w), width: width) : nil,
        needsWeight ? Kernels.columnSums(Kernels.multiply(gradient, rows), width: width) : nil,
        needsBias ? Kernels.columnSums(gradient, width: width) : nil,
      ]
    }
  }
}
