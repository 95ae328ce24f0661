import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// PCRP: an autoencoder that writes a sequence backwards, whose features are drawn to prototypes of their own.
///
///     L = L1(d(h), x reversed) + mean_K CE([h·c_own / φ_own of the batch, h·c / φ of others])
///
/// Before every epoch the features of all sequences are clustered, with several numbers of clusters; c are their directions
/// and φ how far apart their rows are.
///
/// Source: Xu et al., "Prototypical contrast and reverse prediction: unsupervised skeleton based action recognition" (IEEE
/// Transactions on Multimedia, 2021), and its released code, whose driver leaves sequences as they are. Here a sequence
/// belongs to the prototype that is nearest to what its feature is in the step, and the decoder reads the feature at every
/// frame (``FeatureDecoder``), where the program's starts from it.
public struct PCRP: PretrainingMethod {
  /// The settings of PCRP. Defaults are the published ones.
  public struct Settings: MethodSettings {
    /// The crop's length as a share of the sample.
    public var crop: ClosedRange<Float> = 1...1
    /// Units of the decoder, a GRU of one layer.
    public var decoder = 1024
    /// Whether sequences are written backwards.
    public var isReversed = true
    /// Clusters of each clustering.
    public var clusters = [150, 180, 210]
    /// Prototypes beside those of the batch that are negatives.
    public var negatives = 60
    /// The mean of φ.
    public var temperature: Float = 0.2
    /// The weight of prototypes; there are none at 0.
    public var weight: Float = 1

    /// The published settings.
    public init() {}

    /// The method's name.
    public static let kind = "pcrp"
    /// What it is.
    public static let summary = "PCRP: sequences written backwards, and prototypes of their features."
    /// Its settings.
    public static let settings: [Setting<Settings>] = [
      .range("views.crop", \.crop, 0.01...1, "length of the temporal crop, as a share of the sample"),
      .integer("decoder.hidden", \.decoder, 1...8192, "units of the decoder"),
      .flag("reversed", \.isReversed, "whether sequences are written backwards"),
      .integers("clusters", \.clusters, 2...65536, "clusters of each clustering of all features"),
      .integer(
        "negatives", \.negatives, 0...65536, "prototypes beside those of the batch that are negatives"),
      .number("temperature", \.temperature, 0.001...10, "mean temperature of a clustering's prototypes"),
      .number("weight.prototypes", \.weight, 0...1000, "weight of prototypes; 0 for none"),
    ]

    /// Refuses clusterings of fewer prototypes than a step asks for.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      guard weight == 0 || clusters.min() ?? 0 >= around.batch + negatives else {
        throw InputError(
          file, at: "method.clusters", found: "[\(clusters.map { "\($0)" }.joined(separator: ", "))]",
          expected:
            "\(around.batch + negatives) clusters at least, batch and method.negatives, of one clustering at least"
        )
      }
    }
  }

  /// A clustering of all features, as memory.
  private struct Clustering { let centres, concentrations: Parameter }  // (K, D), (K)

  /// `l1`, `prototypes`.
  public let terms = ["l1", "prototypes"]
  private let settings: Settings
  private let seed: UInt64
  private let encoder: any SkeletonEncoder
  private let decoder: FeatureDecoder
  private let clusterings: [Clustering]
  private let clips: View<Clips>

  /// A model with fresh parameters: `encoder_q.*`, `decoder.*`, `reconstruction.*`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    (self.settings, seed) = (settings, build.store.seed)
    let encoder = build.encoder(build.root / "encoder_q")
    self.encoder = encoder
    decoder = FeatureDecoder(
      build.root, features: encoder.featureCount, hidden: settings.decoder, output: build.layout.width)
    clusterings =
      settings.weight == 0
      ? []
      : settings.clusters.enumerated().map { number, count in
        Clustering(
          centres: build.root.memory("centres_\(number)") { .zeros([count, encoder.featureCount]) },
          concentrations: build.root.memory("concentrations_\(number)") {
            Tensor([Float](repeating: settings.temperature, count: count), shape: [count])
          })
      }
    clips = build.views.clips("clips", [.crop(settings.crop, to: build.frames)])
  }

  /// Clusters the features of all sequences.
  public func begin(epoch: Int, _ features: () throws -> Tensor) throws {
    guard let most = settings.clusters.max(), !clusterings.isEmpty else { return }
    let rows = try features()
    guard rows.shape[0] >= most else {
      throw InputError(
        "the recipe", at: "method.clusters", found: "\(most) clusters",
        expected: "at most \(rows.shape[0]), the number of training samples")
    }
    for (number, clustering) in clusterings.enumerated() {
      var means = KMeans(count: settings.clusters[number])
      means.starts = 5
      var random = KeyedRandom(seed: seed, epoch: epoch, view: "clusters \(number)")
      let found = means(rows, random: &random)
      clustering.centres.value = found.centres
      clustering.concentrations.value = Tensor(
        found.concentrations(mean: settings.temperature), shape: [settings.clusters[number]])
    }
  }

  /// The losses of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let x = batch[clips]
    let h = encoder(x, step.pass("clips"))  // (N, D)
    let order = settings.isReversed ? Array((0..<x.frames).reversed()) : Array(0..<x.frames)
    let written = decoder(h, frames: x.frames) - x.values.gathered(axis: 1, order)
    step.show("feature", h)
    var terms = [Term("l1", written.abs().mean() * Float(x.values.shape[2]))]
    var random = step.random("prototypes")
    for clustering in clusterings {
      let chosen = chosen(h, clustering, &random)
      step.show("chosen \(terms.count - 1)", Tensor(chosen.map(Float.init), shape: [chosen.count]))
      let prototypes = clustering.centres.value.normalizedRows().rows(chosen)
      let sharpness = Tensor(
        chosen.map { 1 / clustering.concentrations.value.values[$0] }, shape: [chosen.count])
      terms.append(
        Term(
          "prototypes",
          softmaxCrossEntropy(h.matmul(prototypes, transposed: true) * sharpness, labels: Array(0..<x.count)),
          weight: settings.weight / Float(clusterings.count)))
    }
    step.learn(terms)
  }

  /// The prototype of each feature, and behind them such as are of none.
  private func chosen(_ h: Tensor, _ clustering: Clustering, _ random: inout KeyedRandom) -> [Int] {
    let own = nearestRows(of: h.detached(), in: clustering.centres.value).numbers
    let others = Array(Set(0..<clustering.centres.value.shape[0]).subtracting(own)).sorted()
    return own + random.choose(settings.negatives, of: others.count).map { others[$0] }
  }
}
