import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// SkeleMixCLR: what was pasted into a sequence is told by its owner's key, and the rest by its own.
///
/// A clip is mixed several times with body parts of a partner; with p the feature of the map's places that were pasted,
/// and c that of the others,
///
///     L = NCE(q, k) + Σ_mixes ½ NCE(p, k_partner; queue, c) + ½ NCE(c, k; queue, p)
///
/// where the feature behind the queue, a constant, is one more negative.
///
/// Source: Chen et al., "Contrastive learning from spatio-temporal mixed skeleton sequences for self-supervised
/// skeleton-based action recognition" (2022), and its released code, whose key branch is drawn anew after it was copied;
/// here it starts as the copy.
public struct SkeleMixCLR: PretrainingMethod {
  /// Frames of a place of an encoder's map.
  static let unit = 4

  /// The settings of SkeleMixCLR. Defaults are the published ones.
  public struct Settings: MethodSettings {
    /// How the query and the key are augmented.
    public var views = CropShearSettings()
    /// How they are contrasted.
    public var contrast = MomentumContrastSettings()
    /// How often a batch is mixed.
    public var mixes = 3
    /// How long the pasted part is, as a share of the frames: 7 to 11 of 16.
    public var pasted: ClosedRange<Float> = 0.4375...0.6875

    /// The published settings.
    public init() { contrast.temperature = 0.2 }

    /// The method's name.
    public static let kind = "skelemixclr"
    /// What it is.
    public static let summary = "SkeleMixCLR: contrast of sequences, and of what was pasted into them."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("views", \.views, CropShearSettings.settings)
      + Setting.group("", \.contrast, MomentumContrastSettings.settings) + [
        .integer("mixes", \.mixes, 1...64, "how often a batch is mixed"),
        .range("pasted", \.pasted, 0.05...0.95, "length of the pasted part, as a share of the frames"),
      ]

    /// Refuses batches that do not fill the queue, and frames that are no whole places of a map.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try contrast.check(around, in: file)
      guard around.frames.isMultiple(of: SkeleMixCLR.unit), around.frames >= 2 * SkeleMixCLR.unit else {
        throw InputError(
          file, at: "input.frames", found: "\(around.frames)", expected: "a multiple of 4, 8 or more",
          hint: "what is pasted has to be whole places of the encoder's map")
      }
    }

    /// How many of `units` units of time are pasted: some of them, and not all.
    func lengths(of units: Int) -> ClosedRange<Int> {
      func length(_ share: Float) -> Int { min(max(Int((share * Float(units)).rounded()), 1), units - 1) }
      return length(pasted.lowerBound)...length(pasted.upperBound)
    }
  }

  /// `nce`, `nce_pasted`, `nce_rest`.
  public let terms = ["nce", "nce_pasted", "nce_rest"]
  private let contrast: MomentumContrast<(encoder: any MapEncoder, head: NormalizedLayers)>
  private let (query, key): (View<Clips>, View<Clips>)
  private let mixed: [View<CutClips>]

  /// A model with fresh parameters `encoder_q.*`, and the same of `encoder_k`.
  ///
  /// - Throws: an `InputError` if the encoder has no map.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    contrast = try MomentumContrast(settings.contrast, build) { scope in
      let encoder = try build.encoder(scope, as: (any MapEncoder).self)
      let features = encoder.featureCount
      let head = NormalizedLayers(
        scope / "fc", widths: [features, features, settings.contrast.projection], start: .smallNormal)
      return (encoder, head)
    }
    let steps = settings.views.weak(build.frames)
    let samples = build.views.samples(build.views.samples("query", steps))
    query = build.views.clips(samples)
    key = build.views.clips("key", steps)
    let lengths = settings.lengths(of: build.frames / SkeleMixCLR.unit)
    mixed = (0..<settings.mixes).map { number in
      build.views.cut("mix \(number)", samples, unit: SkeleMixCLR.unit, lengths: lengths)
    }
  }

  /// The losses of a batch; the mixes are learned from one after another, so that they share their memory.
  public func step(_ batch: Batch, _ step: inout Step) {
    let keys = contrast.keys { branch in
      let pass = step.pass("key")
      return branch.head(branch.encoder(batch[key], pass), pass).normalizedRows()  // (N, D)
    }
    step.show("keys", keys)
    let (encoder, head) = contrast.student
    let pass = step.pass("query")
    let z = head(encoder(batch[query], pass), pass).normalizedRows()  // (N, D)
    step.show("embedding", z)
    step.learn(Term("nce", contrast.nce(z, keys)))
    for (number, view) in mixed.enumerated() where !step.isStopped {
      let (mix, pass) = (batch[view], step.pass("mix \(number)"))
      let features = BodyMap.pooled(encoder.map(mix.clips, pass), mask: mix.mask)
      let pasted = head(features.shown, pass).normalizedRows()  // (N, D)
      let rest = head(features.hidden, pass).normalizedRows()  // (N, D)
      step.show("pasted \(number)", pasted)
      step.show("rest \(number)", rest)
      step.show("partner \(number)", Tensor(mix.partner.map(Float.init), shape: [mix.partner.count]))
      step.learn(
        Term("nce_pasted", contrast.nce(pasted, keys.rows(mix.partner), also: [rest]), weight: 0.5),
        Term("nce_rest", contrast.nce(rest, keys, also: [pasted]), weight: 0.5))
    }
    if !step.wasStopped { contrast.queue.enqueue(keys) }
  }
}
