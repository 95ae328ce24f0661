import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// An encoder that learns by writing a sequence down again from nothing but its feature.
///
/// Source: "Predict & Cluster" (Su, Liu and Shlizerman, CVPR 2020). Its decoder is kept weak, so that what is needed has
/// to be in the feature: fixed weights stay as they were drawn, and every frame reads the same feature, as with its
/// fixed states. The loss is the mean squared error over all coordinates. All matrices start from Xavier's distribution,
/// the decoder's too, as in both released programs.
public struct SequenceAutoencoder: PretrainingMethod {
  /// The settings of the autoencoder.
  public struct Settings: MethodSettings {
    /// The crop's length as a share of the sample.
    public var crop: ClosedRange<Float> = 0.1...1
    /// Units of the decoder, a GRU of one layer.
    public var decoder = 512
    /// Whether the decoder stays as it is drawn.
    public var isFixed = true

    /// The settings of the recipe that is provided.
    public init() {}

    /// The method's name.
    public static let kind = "autoencoder"
    /// What it is.
    public static let summary = "An autoencoder with a weak decoder, after Predict & Cluster."
    /// Its settings.
    public static let settings: [Setting<Settings>] = [
      .range("views.crop", \.crop, 0.01...1, "length of the temporal crop, as a share of the sample"),
      .integer("decoder.hidden", \.decoder, 1...8192, "units of the decoder"),
      .flag("decoder.fixed", \.isFixed, "whether the decoder stays as it is drawn"),
    ]
  }

  /// `mse`.
  public let terms = ["mse"]
  private let encoder: any SkeletonEncoder
  private let decoder: FeatureDecoder
  /// The sequences.
  package let clips: View<Clips>

  /// A model with fresh parameters: `encoder_q.*`, `decoder.*`, `reconstruction.*`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    let root = build.root
    encoder = build.encoder(root / "encoder_q")
    let learning = build.store.parameters.count
    decoder = FeatureDecoder(
      root, features: encoder.featureCount, hidden: settings.decoder, output: build.layout.width)
    if settings.isFixed {
      build.store.parameters.dropFirst(learning).forEach { $0.isTrainable = false }
    }
    clips = build.views.clips(
      "masked", [.crop(settings.crop, to: build.frames), .shear(orCorrupting: 0)])
  }

  /// The mean squared error of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let clips = batch[clips]
    let hidden = Tensor.zeros(clips.values.shape)  // a mask that shows nothing, so that everything counts
    step.learn(
      Term(
        "mse", maskedMSE(reconstruction(of: clips, step.pass("clips")), target: clips.values, mask: hidden)))
  }

  /// Sequences written down from their features, (N, T, 150).
  package func reconstruction(of clips: Clips, _ pass: Pass) -> Tensor {
    decoder(encoder(clips, pass), frames: clips.frames)
  }
}
