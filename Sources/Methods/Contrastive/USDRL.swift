import Batches
import Encoders
import NN
import Recipes
import TensorCore

/// USDRL's losses on any encoder: features of two views are brought together and decorrelated, those of sequences, and of
/// frames and of joints where the encoder has such.
///
///     L = Σ_g w_g [VICReg(z_g, z'_g) + b BarlowTwins(z_g, z'_g)],  w = 1 of sequences, ½ of frames, ½ of joints
///
/// A frame's feature is the mean over bodies and joints, a joint's that over frames; each is a row of its own, with the same
/// frame or joint of the other view.
///
/// Source: Weng et al., "USDRL: unified skeleton-based dense representation learning with multi-grained feature
/// decorrelation" (AAAI 2025). Its program was not read: the weights within VICReg (UmURL's), that of Barlow Twins and its
/// λ, and the projectors are choices made here, all of them settings.
public struct USDRL: PretrainingMethod {
  /// The settings of USDRL's losses.
  public struct Settings: MethodSettings {
    /// How both views are augmented.
    public var views = PairSettings()
    /// Numbers in a projection.
    public var projection = 2048
    /// The weights within VICReg.
    public var spread = SpreadSettings()
    /// The weight of Barlow Twins, b.
    public var barlow: Float = 1
    /// The weight of correlations between different numbers in it.
    public var offDiagonal: Float = 2e-4
    /// The weight of frames.
    public var frames: Float = 0.5
    /// The weight of joints.
    public var joints: Float = 0.5

    /// The settings of the recipe that is provided.
    public init() {}

    /// The method's name.
    public static let kind = "usdrl"
    /// What it is.
    public static let summary = "USDRL's losses: decorrelated features of sequences, frames and joints."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, PairSettings.settings) + [
        .integer("projection", \.projection, 2...16384, "numbers in a projection")
      ] + Setting.group("weight", \.spread, SpreadSettings.settings) + [
        .number("weight.barlow", \.barlow, 0...1000, "weight of Barlow Twins; 0 for none"),
        .number(
          "weight.frames", \.frames, 0...1000, "weight of frames, where the encoder has them; 0 for none"),
        .number(
          "weight.joints", \.joints, 0...1000, "weight of joints, where the encoder has them; 0 for none"),
        .number(
          "off_diagonal", \.offDiagonal, 0...10,
          "weight of correlations between different numbers in Barlow Twins"),
      ]
  }

  /// Features of one kind.
  private struct Grain {
    let name: String
    let weight: Float
    let projector: NormalizedLayers
  }

  private let settings: Settings
  private let encoder: any SkeletonEncoder
  private let grains: [Grain]
  private let clips: [View<Clips>]

  /// A model with fresh parameters `encoder_q.*`, `projector.*`, and where the encoder has such features `frames.*` and
  /// `joints.*`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    let encoder = build.encoder(build.root / "encoder_q")
    self.encoder = encoder
    func grain(_ name: String, _ weight: Float, _ width: Int) -> Grain? {
      guard weight > 0 else { return nil }
      let size = settings.projection
      return Grain(
        name: name, weight: weight,
        projector: NormalizedLayers(build.root / name, widths: [width, size, size, size]))
    }
    var grains = [grain("projector", 1, encoder.featureCount)]
    if let encoder = encoder as? any MapEncoder {
      grains.append(grain("frames", settings.frames, encoder.featureCount))
      grains.append(grain("joints", settings.joints, encoder.featureCount))
    } else if let encoder = encoder as? any FrameEncoder {
      grains.append(grain("frames", settings.frames, encoder.frameFeatureCount))
    }
    self.grains = grains.compactMap(\.self)
    let steps = settings.views.steps(build.frames)
    clips = ["first", "second"].map { build.views.clips($0, steps) }
  }

  /// `invariance`, `variance`, `covariance`, `barlow`, and the same of frames and joints.
  public var terms: [String] {
    grains.flatMap { grain in
      ["invariance", "variance", "covariance", "barlow"].map { $0 + suffix(grain) }
    }
  }

  private func suffix(_ grain: Grain) -> String { grain.name == "projector" ? "" : "_\(grain.name)" }

  /// The losses of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let features = clips.enumerated().map { number, clips in
      self.features(batch[clips], step.pass("view \(number)"))
    }
    var terms: [Term] = []
    for (place, grain) in grains.enumerated() {
      let z = features.enumerated().map { number, features in
        grain.projector(features[place], step.pass("\(grain.name) \(number)"))
      }
      for (number, z) in z.enumerated() { step.show("\(grain.name) \(number)", z) }
      let suffix = suffix(grain)
      terms.append(
        Term(
          "invariance\(suffix)", (z[0] - z[1]).square().mean(),
          weight: grain.weight * settings.spread.invariance))
      terms += settings.spread.terms(z, suffix: suffix, share: grain.weight)
      guard settings.barlow > 0 else { continue }
      terms.append(
        Term(
          "barlow\(suffix)", barlowTwins(z[0], z[1], offDiagonal: settings.offDiagonal),
          weight: grain.weight * settings.barlow))
    }
    step.learn(terms)
  }

  /// Rows of each grain, (rows, features): of sequences, frames and joints.
  private func features(_ x: Clips, _ pass: Pass) -> [Tensor] {
    func rows(_ x: Tensor) -> Tensor { x.reshaped([x.shape[0] * x.shape[1], x.shape[2]]) }
    let names = grains.map(\.name)
    if let encoder = encoder as? any MapEncoder {
      let map = encoder.map(x, pass)  // (N, M, T', V, D)
      return [encoder.pooled(map)] + (names.contains("frames") ? [rows(map.mean(axes: [1, 3]))] : [])
        + (names.contains("joints") ? [rows(map.mean(axes: [1, 2]))] : [])
    }
    guard let encoder = encoder as? any FrameEncoder, names.contains("frames") else {
      return [encoder(x, pass)]
    }
    let frames = encoder.frames(x, prompt: nil, pass)  // (N, T, D')
    return [encoder.pooled(frames), rows(frames)]
  }
}
