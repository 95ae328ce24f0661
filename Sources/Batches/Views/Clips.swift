import TensorCore

/// Clips of one length as encoders read them.
public struct Clips: Sendable {
  /// The numbers of each frame, (N, T, V · C · M): 150 for the two bodies of Kinect v2.
  public var values: Tensor

  /// Clips of these numbers, (N, T, V · C · M).
  public init(_ values: Tensor) {
    precondition(values.shape.count == 3, "clips of shape \(values.shape), not (N, T, numbers of a frame)")
    self.values = values
  }

  /// Sequences.
  public var count: Int { values.shape[0] }
  /// Frames of each.
  public var frames: Int { values.shape[1] }

  /// The same as constants, through which no gradient flows.
  public func detached() -> Clips { Clips(values.detached()) }
}
