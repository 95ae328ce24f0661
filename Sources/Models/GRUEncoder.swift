import NN
import Skeleton
import TensorCore

/// The size and kind of a recurrent skeleton encoder.
public struct GRUEncoderSettings: Sendable, Equatable {
  /// Numbers in a frame, V · C · M.
  public var input = 150
  /// Units of each direction of each layer.
  public var hidden = 1024
  /// Layers.
  public var layers = 3
  /// Which way the second direction runs.
  public var mode = GRUMode.stepwise

  /// The published encoder: 3 layers of 1024 units in two directions, both carried forward in time.
  public init() {}

  /// Numbers in a feature: both directions' outputs.
  public var features: Int { mode == .forward ? hidden : 2 * hidden }
}

/// Sequences into features: batch normalization of the 150 inputs, then GRU layers.
///
/// Source: PCM3, section 1.6 of the released code; tensors are named as there.
public struct GRUEncoder {
  private let norm: BatchNorm1d
  private let gru: GRU

  /// An encoder whose parameters are below `scope`: `input_norm.weight`, `encoder.gru.weight_ih_l0`, …
  public init(_ scope: Scope, _ settings: GRUEncoderSettings) {
    norm = BatchNorm1d(scope / "input_norm", features: settings.input)
    gru = GRU(
      scope / "encoder" / "gru", input: settings.input, hidden: settings.hidden, layers: settings.layers,
      mode: settings.mode, weights: .xavierUniform)
  }

  /// The features of every frame, (N, T, 150) to (N, T, features).
  ///
  /// - Parameter prompt: what is added to every frame, (1, 1, 150). The running mean is that of frames without it, since
  ///   features are taken without one.
  public func frames(_ x: Tensor, prompt: Tensor? = nil, training: Bool) -> Tensor {
    gru(norm(prompt.map { x + $0 } ?? x, training: training, offset: prompt))
  }

  /// The feature of each sequence, which is that of its last frame, (N, T, 150) to (N, features).
  public func callAsFunction(_ x: Tensor, prompt: Tensor? = nil, training: Bool) -> Tensor {
    frames(x, prompt: prompt, training: training).lastStep()
  }
}
