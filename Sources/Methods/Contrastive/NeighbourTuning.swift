import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// Tuning by nearest neighbours: of each sequence the nearest one that was seen lately is told from the other view, among
/// those of the batch. Meant as a stage behind another method, whose encoder goes on by name.
///
///     L = ½ Σ over both views of the mean of -log softmax_j( n(z_i)·p_j / τ )_i
///
/// with n(z) the row of a queue of earlier projections that is nearest to the projection z of one view, and p the
/// predictions of the other.
///
/// Source: Dwibedi et al., "With a little help from my friends: nearest-neighbor contrastive learning of visual
/// representations" (ICCV 2021), equations 3 and 4, in the manner of STARS (Mehraban et al., 2024), whose queue's length
/// and unaugmented sequences are the defaults here, and whose rates that fall from layer to layer are not there.
public struct NeighbourTuning: PretrainingMethod {
  /// The settings of tuning by nearest neighbours.
  public struct Settings: MethodSettings {
    /// The crop's length as a share of the sample.
    public var crop: ClosedRange<Float> = 1...1
    /// The largest number beside the diagonal of a shear.
    public var shear: Float = 0
    /// Numbers in a projection, and in a prediction.
    public var projection = 256
    /// Projections in the queue, a multiple of the batch size.
    public var queue = 32768
    /// The temperature, τ.
    public var temperature: Float = 0.1

    /// The settings of the recipe that is provided.
    public init() {}

    /// The method's name.
    public static let kind = "nnclr"
    /// What it is.
    public static let summary = "Tuning by nearest neighbours, as STARS does behind another method."
    /// Its settings.
    public static let settings: [Setting<Settings>] = [
      .range("views.crop", \.crop, 0.01...1, "length of the temporal crop, as a share of the sample"),
      .number("views.shear", \.shear, 0...2, "the largest number beside the diagonal of a shear"),
      .integer("projection", \.projection, 2...4096, "numbers in a projection, and in a prediction"),
      .integer("queue", \.queue, 2...1_048_576, "projections in the queue, a multiple of the batch"),
      .number("temperature", \.temperature, 0.001...10, "temperature of the contrast"),
    ]

    /// Refuses batches that do not fill the queue.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      guard queue.isMultiple(of: around.batch) else {
        throw InputError.queue(queue, batch: around.batch, in: file)
      }
    }
  }

  /// `nce`.
  public let terms = ["nce"]
  private let settings: Settings
  private let encoder: any SkeletonEncoder
  private let (projector, predictor): (NormalizedLayers, NormalizedLayers)
  private let queue: FeatureQueue
  private let clips: [View<Clips>]

  /// A model with fresh parameters `encoder_q.*`, `projector.*` and `predictor.*`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    encoder = build.encoder(build.root / "encoder_q")
    let (features, size) = (encoder.featureCount, settings.projection)
    projector = NormalizedLayers(build.root / "projector", widths: [features, features, size])
    predictor = NormalizedLayers(build.root / "predictor", widths: [size, size, size])
    queue = build.queue("queue", count: settings.queue, size: size)
    let steps: [Augmentation] = [.crop(settings.crop, to: build.frames), .shear(upTo: settings.shear)]
    clips = ["first", "second"].map { build.views.clips($0, steps) }
  }

  /// The loss of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let passes = ["first", "second"].map(step.pass)
    let z = zip(clips, passes).map { projector(encoder(batch[$0], $1), $1) }  // (N, D) each
    let predictions = zip(z, passes).map { predictor($0, $1).normalizedRows() }
    let unit = z.map { $0.detached().normalizedRows() }
    let neighbours = unit.map { queue.rows.rows(queue.similarities(of: $0).largestColumns(1)) }
    for view in clips.indices {
      step.show("projection \(view)", unit[view])
      step.show("prediction \(view)", predictions[view])
    }
    func told(_ view: Int, from other: Int) -> Tensor {
      let logits = neighbours[view].matmul(predictions[other], transposed: true)  // (N, N)
      return softmaxCrossEntropy(
        logits * (1 / settings.temperature), labels: Array(0..<logits.shape[0]))
    }
    step.learn(Term("nce", (told(0, from: 1) + told(1, from: 0)) * 0.5))
    if !step.wasStopped { queue.enqueue(unit[0]) }
  }
}
