import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// CPM: what a sequence is similar to in a queue is told from its other view; in the second stage the most similar keys
/// count alike, as further positives.
///
///     L = H(softmax(k·Q / τ_t), softmax(p(z)·Q / τ_s)),  the first a constant
///
/// with the key among the queue's, a predictor p of the student alone, and in the second stage the first distribution's
/// mean in the place of each of its numbers at the keys nearest to k.
///
/// Source: Zhang et al., "Contrastive positive mining for unsupervised 3D action representation learning" (ECCV 2022), of
/// which neither program nor text was read: the slow copy as target, both temperatures, the queue's length and how positives
/// are strengthened are a reading of its abstract, all of them settings. Published figures cannot be expected of it.
public struct CPM: PretrainingMethod {
  /// The settings of CPM.
  public struct Settings: MethodSettings {
    /// How both views are augmented.
    public var views = CropShearSettings()
    /// How they are compared; the temperature is the student's.
    public var contrast = MomentumContrastSettings()
    /// The temperature of the target.
    public var targetTemperature: Float = 0.05
    /// Keys that count alike as positives.
    public var mined = 0

    /// The settings of the recipe that is provided.
    public init() { (contrast.queue, contrast.temperature) = (65536, 0.1) }

    /// The method's name.
    public static let kind = "cpm"
    /// What it is.
    public static let summary = "CPM: similarities to a queue are told from the other view."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, CropShearSettings.settings)
      + Setting.group("", \.contrast, MomentumContrastSettings.settings) + [
        .number("target_temperature", \.targetTemperature, 0.001...10, "temperature of the target"),
        .integer(
          "mined", \.mined, 0...65536,
          "keys of the queue that count alike as positives; 100 in the second stage"),
      ]

    /// Refuses batches that do not fill the queue, and queues that have fewer keys than are mined.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try contrast.check(around, in: file)
      try InputError.check(mined: mined, of: contrast.queue, in: file)
    }
  }

  /// `ce`.
  public let terms = ["ce"]
  private let settings: Settings
  private let contrast: MomentumContrast<Branch>
  private let predictor: Projector
  private let (query, key): (View<Clips>, View<Clips>)

  /// A model with fresh parameters `encoder_q.*`, the same of `encoder_k`, and `predictor.*`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    let size = settings.contrast.projection
    contrast = MomentumContrast(settings.contrast, build) { scope in
      Branch(scope, build.encoder(scope), size: size, start: .smallNormal)
    }
    predictor = Projector(build.root / "predictor", features: size, size: size, start: .pytorch)
    let steps = settings.views.weak(build.frames)
    (query, key) = (build.views.clips("query", steps), build.views.clips("key", steps))
  }

  /// The loss of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let keys = contrast.keys { $0(batch[key], step.pass("key")) }  // (N, D)
    let z = predictor(contrast.student(batch[query], step.pass("query")))  // (N, D)
    step.show("embedding", z)
    step.show("keys", keys)
    // Each key is a column of what it is compared with.
    contrast.queue.enqueue(keys)
    let target = target(contrast.queue.similarities(of: keys))
    step.learn(
      Term(
        "ce",
        softCrossEntropy(
          contrast.queue.similarities(of: z), target: target, temperature: settings.contrast.temperature)))
  }

  /// What keys are similar to, (N, K): rows of sum 1.
  private func target(_ similarities: Tensor) -> Tensor {
    let shares = (similarities * (1 / settings.targetTemperature)).softmax()
    guard settings.mined > 0 else { return shares }
    let (count, width) = (min(settings.mined, shares.shape[1]), shares.shape[1])
    let nearest = similarities.largestColumns(count)
    var values = shares.values
    for row in 0..<shares.shape[0] {
      let own = nearest[(row * count)..<((row + 1) * count)].map { row * width + $0 }
      let mean = own.reduce(0) { $0 + values[$1] } / Float(count)
      for place in own { values[place] = mean }
    }
    return Tensor(values, shape: shares.shape)
  }
}
