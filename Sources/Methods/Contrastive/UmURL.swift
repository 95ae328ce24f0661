import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// UmURL: one encoder of joints, bones and motion, of each alone and of all at once, whose features are brought together
/// and kept from collapsing by their spread.
///
///     L = 5 Σ_x (MSE(z_x, u_x) + MSE(z_x, z̄)) + Σ_{z, u} (5 hinge(std) + Σ_{i≠j} cov² / D)
///
/// with z_x the projection of stream x and u_x that of all streams by the projector of x; z̄, the mean of the three z_x,
/// learns too.
///
/// Source: Sun et al., "Unified multi-modal unsupervised representation learning for skeleton-based action understanding"
/// (ACM MM 2023), and its released code.
public struct UmURL: PretrainingMethod {
  /// The settings of UmURL. Defaults are the published ones.
  public struct Settings: MethodSettings {
    /// How each of the four views is augmented.
    public var views = PairSettings()
    /// Numbers in a projection.
    public var projection = 4096
    /// How projections are brought together and kept apart.
    public var spread = SpreadSettings()

    /// The published settings.
    public init() {}

    /// The method's name.
    public static let kind = "umurl"
    /// What it is.
    public static let summary = "UmURL: one encoder of three streams, alone and at once, without negatives."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, PairSettings.settings) + [
        .integer("projection", \.projection, 2...16384, "numbers in a projection")
      ] + Setting.group("weight", \.spread, SpreadSettings.settings)

    /// Refuses other streams than joints, of which the encoder makes the others.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      guard around.stream == .joint else {
        throw InputError(
          file, at: "input.stream", found: around.stream.rawValue, expected: "joint",
          hint: "the encoder derives bones and motion itself")
      }
    }
  }

  /// `intra`, `inter`, `variance`, `covariance`.
  public let terms = ["intra", "inter", "variance", "covariance"]
  private let settings: Settings
  private let encoder: any StreamsEncoder
  private let parts: [(stream: SkeletonStream, projector: NormalizedLayers, clips: View<Clips>)]
  private let all: View<Clips>

  /// A model with fresh parameters `encoder_q.*` and `projector.joint.*`, `projector.bone.*`, `projector.motion.*`.
  ///
  /// - Throws: an `InputError` if the encoder has not three streams.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    let encoder = try build.encoder(build.root / "encoder_q", as: (any StreamsEncoder).self)
    self.encoder = encoder
    let (size, steps) = (encoder.featureCount, settings.views.steps(build.frames))
    parts = SkeletonStream.allCases.map { stream in
      (
        stream,
        NormalizedLayers(
          build.root / "projector" / stream.rawValue, widths: [size, size, size, settings.projection]),
        build.views.clips("view \(stream)", steps, in: stream)
      )
    }
    all = build.views.clips("view of all", steps)
  }

  /// The losses of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let feature = encoder(batch[all], step.pass("all"))  // (N, 2 D)
    var (single, fused): ([Tensor], [Tensor]) = ([], [])
    for part in parts {
      let pass = step.pass("\(part.stream)")
      single.append(part.projector(encoder.feature(batch[part.clips], of: part.stream, pass), pass))
      fused.append(part.projector(feature, step.pass("all \(part.stream)")))
      step.show("projection \(part.stream)", single[single.count - 1])
      step.show("projection of all \(part.stream)", fused[fused.count - 1])
    }
    let centre = single.dropFirst().reduce(single[0], +) * (1 / Float(single.count))
    let intra = zip(single, fused).map { ($0 - $1).square().mean() }
    let inter = single.map { ($0 - centre).square().mean() }
    step.learn(
      intra.map { Term("intra", $0, weight: settings.spread.invariance) }
        + inter.map { Term("inter", $0, weight: settings.spread.invariance) }
        + settings.spread.terms(single + fused))
  }
}
