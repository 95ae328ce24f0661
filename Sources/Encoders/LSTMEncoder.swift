import Batches
import NN
import Recipes
import Skeleton
import TensorCore

/// The size and kind of an LSTM encoder.
public struct LSTMEncoderSettings: EncoderSettings {
  /// Units of each direction of each layer.
  public var hidden = 256
  /// Layers.
  public var layers = 1
  /// Which way the second direction runs, if there is one.
  public var mode = GRUMode.forward

  /// The joint of each body that is subtracted from all of its joints in each frame; none where negative. AS-CAL's is 1.
  public var centre = -1

  /// The encoder of AS-CAL: one layer of 256 units.
  public init() {}

  /// Its name in recipes.
  public static let kind = "lstm"
  /// What it is.
  public static let summary = "An LSTM over frames; its feature is the mean over all of them."
  /// Its settings.
  public static let settings: [Setting<LSTMEncoderSettings>] = [
    .integer("hidden", \.hidden, 1...8192, "units of each direction of each layer"),
    .integer("layers", \.layers, 1...16, "recurrent layers"),
    .choice("mode", \.mode, "forward has one direction, as published"),
    .integer(
      "centre", \.centre, -1...24,
      "joint of each body that is subtracted from all its joints in each frame; AS-CAL's is 1, -1 for none"),
  ]

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    LSTMEncoder(scope, self, input.layout)
  }
}

/// Sequences into features: LSTM layers, and the mean over frames.
///
/// Source: Rao et al., "Augmented skeleton based contrastive action learning with momentum LSTM for unsupervised action
/// recognition" (2021). Its frames are channel by channel, joint by joint, body by body, and so are the columns of its
/// first weights.
public struct LSTMEncoder: FrameEncoder {
  private let lstm: LSTM
  private let layout: SkeletonLayout
  private let centre: Int?

  /// An encoder whose parameters are below `scope`: `weight_ih_l0`, …
  public init(_ scope: Scope, _ settings: LSTMEncoderSettings, _ layout: SkeletonLayout) {
    (self.layout, centre) = (layout, settings.centre >= 0 ? settings.centre : nil)
    lstm = LSTM(
      scope, input: layout.width, hidden: settings.hidden, layers: settings.layers, mode: settings.mode)
  }

  /// Units of all directions.
  public var featureCount: Int { lstm.output }
  /// The same.
  public var frameFeatureCount: Int { lstm.output }

  /// The features of every frame, (N, T, V · C · M) to (N, T, D).
  public func frames(_ x: Clips, prompt: Tensor? = nil, _ pass: Pass) -> Tensor {
    let values = prompt.map { x.values + $0 } ?? x.values
    let (count, frames) = (x.count, x.frames)
    let joints = values.reshaped([count, frames, layout.jointCount, layout.coordinates, layout.bodies])
    return lstm(
      (centre.map { joints.relative(to: $0) } ?? joints).permuted([0, 1, 3, 2, 4])
        .reshaped([count, frames, layout.width]))
  }

  /// The mean over frames.
  public func pooled(_ frames: Tensor) -> Tensor { frames.mean(axes: [1]) }

  /// The feature of each sequence, (N, D).
  public func callAsFunction(_ x: Clips, _ pass: Pass) -> Tensor { pooled(frames(x, prompt: nil, pass)) }
}

extension Tensor {
  /// Joints relative to one of their body in the same frame, (N, T, V, C, M) of both.
  func relative(to joint: Int) -> Tensor { self - sliced(axis: 2, joint..<(joint + 1)) }
}
