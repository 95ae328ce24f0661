import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// An encoder whose feature a weak decoder has to write the whole sequence down from.
///
/// The loss is the mean over sequences of all absolute errors of a frame. Clips are not augmented. The papers' programs
/// scale each sequence to -1 … 1; here the encoder normalizes its input, and clips are as evaluations have them. All
/// frames of a recording are resampled to the clip's length, where the programs take every n-th.
///
/// Source: Su, Liu and Shlizerman, "Predict & Cluster: unsupervised skeleton based action recognition" (CVPR 2020), and
/// the released PyTorch program. ``SequenceAutoencoder`` is a cheaper relative whose decoder reads the feature at every step.
public struct PredictCluster: PretrainingMethod {
  /// The settings of Predict & Cluster.
  public struct Settings: MethodSettings {
    /// What keeps the decoder weak.
    public var decoder = SequenceWriter.Kind.fixedWeights
    /// The crop's length as a share of the sample.
    public var crop: ClosedRange<Float> = 1...1

    /// Fixed weights, no crop.
    public init() {}

    /// The method's name.
    public static let kind = "predictcluster"
    /// What it is.
    public static let summary = "Predict & Cluster: the whole sequence from the feature by a weak decoder."
    /// Its settings.
    public static let settings: [Setting<Settings>] = [
      .choice(
        "decoder.kind", \.decoder,
        "what keeps the decoder weak: its state is the feature at every step, or its weights stay as drawn; free learns"
      ),
      .range("views.crop", \.crop, 0.01...1, "length of the temporal crop, as a share of the sample"),
    ]
  }

  /// `l1`.
  public let terms = ["l1"]
  private let encoder: any SkeletonEncoder
  private let decoder: SequenceWriter
  private let clips: View<Clips>

  /// A model with fresh parameters: `encoder_q.*`, `decoder.gru.*`, `decoder.out.*`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    encoder = build.encoder(build.root / "encoder_q")
    decoder = SequenceWriter(
      build.root / "decoder", settings.decoder, features: encoder.featureCount, output: build.layout.width)
    clips = build.views.clips("sequence", [.crop(settings.crop, to: build.frames)])
  }

  /// The absolute error of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let clips = batch[clips]
    let frames = clips.values
    let first = frames.sliced(axis: 1, 0..<1).reshaped([clips.count, frames.shape[2]])
    let written = decoder(encoder(clips, step.pass("sequence")), first: first, frames: clips.frames)
    step.show("written", written)
    let lengths = [Int](repeating: clips.frames, count: clips.count)
    step.learn(Term("l1", absoluteErrorPerFrame(written, target: frames, lengths: lengths)))
  }
}
