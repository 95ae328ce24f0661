import Batches
import NN
import Recipes
import Skeleton
import TensorCore

/// The size and kind of a recurrent skeleton encoder.
public struct GRUEncoderSettings: EncoderSettings {
  /// Units of each direction of each layer.
  public var hidden = 1024
  /// Layers.
  public var layers = 3
  /// Which way the second direction runs.
  public var mode = GRUMode.stepwise
  /// Whether inputs are normalized by their batch first, which ISC's are not.
  public var isNormalized = true

  /// The published encoder: 3 layers of 1024 units in two directions, both carried forward in time.
  public init() {}

  /// Its name in recipes.
  public static let kind = "gru"
  /// What it is.
  public static let summary =
    "A GRU over frames, its input normalized; its feature is that of the last frame."
  /// Its settings.
  public static let settings: [Setting<GRUEncoderSettings>] = [
    .integer("hidden", \.hidden, 1...8192, "units of each direction of each layer"),
    .integer("layers", \.layers, 1...16, "recurrent layers"),
    .choice(
      "mode", \.mode,
      "stepwise carries both directions forward in time, as in the published models"),
    .flag("norm", \.isNormalized, "whether inputs are normalized by their batch first; ISC's are not"),
  ]

  /// Numbers in a feature: both directions' outputs.
  public var features: Int { mode == .forward ? hidden : 2 * hidden }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    GRUEncoder(scope, self, input: input.layout.width)
  }
}

/// Sequences into features: batch normalization of the inputs, then GRU layers.
///
/// Source: PCM3, section 1.6 of the released code; tensors are named as there.
public struct GRUEncoder: FrameEncoder {
  private let norm: BatchNorm1d?
  private let gru: GRU

  /// An encoder whose parameters are below `scope`: `input_norm.weight`, `encoder.gru.weight_ih_l0`, …
  ///
  /// - Parameter input: numbers of a frame, V · C · M.
  public init(_ scope: Scope, _ settings: GRUEncoderSettings, input: Int) {
    norm = settings.isNormalized ? BatchNorm1d(scope / "input_norm", features: input) : nil
    gru = GRU(
      scope / "encoder" / "gru", input: input, hidden: settings.hidden, layers: settings.layers,
      mode: settings.mode, weights: .xavierUniform)
  }

  /// Both directions' units.
  public var featureCount: Int { gru.output }
  /// The same.
  public var frameFeatureCount: Int { gru.output }

  /// The features of every frame, (N, T, V · C · M) to (N, T, features).
  ///
  /// - Parameter prompt: what is added to every frame, (1, 1, V · C · M). The running mean is that of frames without it,
  ///   since features are taken without one.
  public func frames(_ x: Clips, prompt: Tensor? = nil, _ pass: Pass) -> Tensor {
    let values = prompt.map { x.values + $0 } ?? x.values
    return gru(norm?(values, training: pass.usesBatchStatistics, offset: prompt) ?? values)
  }

  /// The feature of the last frame.
  public func pooled(_ frames: Tensor) -> Tensor { frames.lastStep() }

  /// The feature of each sequence, which is that of its last frame, (N, T, V · C · M) to (N, features).
  public func callAsFunction(_ x: Clips, _ pass: Pass) -> Tensor { pooled(frames(x, pass)) }
}
