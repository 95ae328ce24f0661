/// A convolution of each channel alone: x (N, A, B, C) and weight (C, 1, kernel A, kernel B) to (N, A', B', C). The
/// shape's outputs are its channels.
public func convolveDepthwise(_ x: Storage, _ weight: Storage, _ shape: ConvolutionShape) -> Storage {
  let taps = weight.count / shape.channels
  MultiplyAdds.add(shape.samples * shape.outputRows * taps * shape.channels)
  let ordered = permute(weight, shape: [shape.channels, taps], order: [1, 0])
  return gatherScaled(
    x, ordered, places: shape.placesOfSample(), taps: taps, channels: shape.channels, samples: shape.samples,
    inputRows: shape.inputRows, outputRows: shape.outputRows)
}

/// The gradient of a depth-wise convolution's input.
public func convolveDepthwisePullback(_ gradient: Storage, _ weight: Storage, _ shape: ConvolutionShape)
  -> Storage
{
  let taps = weight.count / shape.channels
  let ordered = permute(weight, shape: [shape.channels, taps], order: [1, 0])
  return gatherScaled(
    gradient, ordered, places: shape.isPointwise ? shape.placesOfSample() : shape.readers(), taps: taps,
    channels: shape.channels, samples: shape.samples,
    inputRows: shape.outputRows, outputRows: shape.inputRows)
}

/// The gradient of a depth-wise convolution's weight, (C, 1, kernel A, kernel B).
public func convolveDepthwiseWeightPullback(_ x: Storage, _ gradient: Storage, _ shape: ConvolutionShape)
  -> Storage
{
  let (channels, taps) = (shape.channels, shape.taps)
  let places = shape.placesOfSample()
  let sums = Storage(repeating: 0, count: shape.samples * taps * channels)
  share(shape.samples) { sample in
    for row in 0..<shape.outputRows {
      let g = unsafe gradient.pointer + (sample * shape.outputRows + row) * channels
      for tap in 0..<taps where places[row * taps + tap] >= 0 {
        let from = unsafe x.pointer + (sample * shape.inputRows + Int(places[row * taps + tap])) * channels
        let to = unsafe sums.pointer + (sample * taps + tap) * channels
        for c in 0..<channels { unsafe to[c] += from[c] * g[c] }
      }
    }
  }
  let total = columnSums(sums, width: taps * channels)
  return permute(total, shape: [taps, channels], order: [1, 0])
}

extension ConvolutionShape {
  /// `places()` of a whole sample, also where rows do not meet.
  fileprivate func placesOfSample() -> [Int32] {
    isPointwise ? (0..<Int32(outputRows)).map { $0 } : places()
  }
}

/// Every output row is the sum over taps of the input row at its place times the tap's factors, (taps, C).
private func gatherScaled(
  _ x: Storage, _ factors: Storage, places: [Int32], taps: Int, channels: Int, samples: Int, inputRows: Int,
  outputRows: Int
) -> Storage {
  let result = Storage(repeating: 0, count: samples * outputRows * channels)
  share(samples) { sample in
    for row in 0..<outputRows {
      let to = unsafe result.pointer + (sample * outputRows + row) * channels
      for tap in 0..<taps where places[row * taps + tap] >= 0 {
        let from = unsafe x.pointer + (sample * inputRows + Int(places[row * taps + tap])) * channels
        let factor = unsafe factors.pointer + tap * channels
        for c in 0..<channels { unsafe to[c] += from[c] * factor[c] }
      }
    }
  }
  return result
}
