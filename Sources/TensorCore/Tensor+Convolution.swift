import Kernels

/// How the window of a convolution moves over two axes.
public struct Window: Sendable, Equatable {
  /// Entries from one window to the next, for the first and the second axis.
  public var stride: (Int, Int)
  /// Entries from one tap to the next.
  public var dilation: (Int, Int)
  /// Zeros around the axis, at each end.
  public var padding: (Int, Int)

  /// A window that moves as given.
  public init(stride: (Int, Int) = (1, 1), dilation: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0)) {
    (self.stride, self.dilation, self.padding) = (stride, dilation, padding)
  }

  /// A window that moves along the first axis alone.
  public static func along(stride: Int = 1, dilation: Int = 1, padding: Int = 0) -> Window {
    Window(stride: (stride, 1), dilation: (dilation, 1), padding: (padding, 0))
  }

  /// Whether two windows move alike.
  public static func == (a: Window, b: Window) -> Bool {
    a.stride == b.stride && a.dilation == b.dilation && a.padding == b.padding
  }
}

extension Tensor {
  /// A convolution over two axes: (N, A, B, C) and weight (O, C, kernel A, kernel B) to (N, A', B', O), plus a bias (O).
  ///
  /// Over time alone the kernel is (k, 1) and the axes are (N, T, V, C). As PyTorch's `conv2d`, channels last.
  public func convolved(_ weight: Tensor, bias: Tensor? = nil, _ window: Window = Window()) -> Tensor {
    precondition(
      shape.count == 4 && weight.shape.count == 4 && weight.shape[1] == shape[3]
        && (bias.map { $0.shape == [weight.shape[0]] } ?? true),
      "a convolution of shape \(shape) by weights \(weight.shape)")
    let sizes = convolutionShape(weight, outputs: weight.shape[0], window)
    let (x, w) = (storage, weight.storage)
    let (needsX, needsWeight, needsBias) = (isVariable, weight.isVariable, bias?.isVariable ?? false)
    let outputs = weight.shape[0]
    let y = Kernels.convolve(x, w, bias: bias?.storage, sizes)
    return Tensor(
      y, shape: [shape[0], sizes.outputSize.0, sizes.outputSize.1, outputs],
      inputs: [self, weight] + (bias.map { [$0] } ?? [])
    ) { gradient in
      [
        needsX ? Kernels.convolvePullback(gradient, w, sizes) : nil,
        needsWeight ? Kernels.convolveWeightPullback(x, gradient, sizes) : nil,
        needsBias ? Kernels.columnSums(gradient, width: outputs) : nil,
      ]
    }
  }

  /// A convolution of each channel alone: (N, A, B, C) and weight (C, 1, kernel A, kernel B) to (N, A', B', C).
  public func convolvedDepthwise(_ weight: Tensor, _ window: Window = Window()) -> Tensor {
    precondition(
      shape.count == 4 && weight.shape.count == 4 && weight.shape[0] == shape[3] && weight.shape[1] == 1,
      "a depth-wise convolution of shape \(shape) by weights \(weight.shape)")
    let sizes = convolutionShape(weight, outputs: shape[3], window)
    let (x, w) = (storage, weight.storage)
    let (needsX, needsWeight) = (isVariable, weight.isVariable)
    return Tensor(
      Kernels.convolveDepthwise(x, w, sizes),
      shape: [shape[0], sizes.outputSize.0, sizes.outputSize.1, shape[3]], inputs: [self, weight]
    ) { gradient in
      [
        needsX ? Kernels.convolveDepthwisePullback(gradient, w, sizes) : nil,
        needsWeight ? Kernels.convolveDepthwiseWeightPullback(x, gradient, sizes) : nil,
      ]
    }
  }

  private func convolutionShape(_ weight: Tensor, outputs: Int, _ window: Window) -> ConvolutionShape {
    ConvolutionShape(
      samples: shape[0], size: (shape[1], shape[2]), channels: shape[3], outputs: outputs,
      kernel: (weight.shape[2], weight.shape[3]), stride: window.stride, dilation: window.dilation,
      padding: window.padding)
  }

  /// The largest number of each window along one axis, of what lies on it; the gradient goes to the first of equals.
  public func maxPooled(axis: Int, size: Int, stride: Int, padding: Int = 0) -> Tensor {
    requireAxis(axis)
    let windows = Windows(Axis(axis, of: shape), size: size, stride: stride, padding: padding)
    let (values, places) = Kernels.maxWindows(storage, windows)
    return Tensor(values, shape: shape.replacing(axis, windows.count), inputs: [self]) { gradient in
      [Kernels.maxWindowsPullback(gradient, places: places, windows)]
    }
  }

  /// The mean of each window along one axis, of what lies on it.
  public func meanPooled(axis: Int, size: Int, stride: Int, padding: Int = 0) -> Tensor {
    requireAxis(axis)
    let windows = Windows(Axis(axis, of: shape), size: size, stride: stride, padding: padding)
    return Tensor(
      Kernels.meanWindows(storage, windows), shape: shape.replacing(axis, windows.count), inputs: [self]
    ) { gradient in
      [Kernels.meanWindowsPullback(gradient, windows)]
    }
  }
}
