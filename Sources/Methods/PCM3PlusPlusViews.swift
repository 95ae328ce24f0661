import Batches
import Recipes
import TensorCore

/// The views of PCM3 and PCM3++. Only those that are asked for are made, and a view is the same whatever others there are.
public struct PCM3PlusPlusViews {
  /// How views are made. Defaults are PCM3's and PCM3++'s.
  public struct Settings: Sendable, Equatable {
    /// How the query and the key are augmented.
    public var pair = PairSettings()
    /// The share of body parts that are hidden in each segment of the masked view.
    public var maskRatio: Float = 0.6
    /// The length of the clip view, as a share of T.
    public var clipShare: ClosedRange<Float> = 0.25...0.5
    /// Where the clip stands in its view.
    public var clipLayout = ClipLayout.inplace

    /// The published settings.
    public init() {}

    static let settings: [Setting<Settings>] =
      Setting.group("", \.pair, PairSettings.settings) + [
        .number("mask_ratio", \.maskRatio, 0.2...0.8, "share of body parts hidden in each segment"),
        .range("clip", \.clipShare, 0.01...1, "length of the clip view, as a share of the frames"),
        .choice("clip_layout", \.clipLayout, "where the clip stands in its view"),
      ]
  }

  /// Augmented once, for the query encoder.
  package private(set) var query: View<Clips>?
  /// Augmented independently, for the key encoder.
  package private(set) var key: View<Clips>?
  /// The query's clips mixed with each other.
  package private(set) var mixed: View<MixedClips>?
  /// A part of each key.
  package private(set) var clip: View<Clips>?
  /// Augmented a third time, to be hidden in part and predicted.
  package private(set) var source: View<Clips>?
  /// 1 where the source is visible to the encoder, 0 where it is hidden, (N, T, 150).
  package private(set) var mask: View<Tensor>?

  /// Plans some views.
  ///
  /// - Parameters:
  ///   - wanted: the views that the query branch sees.
  ///   - keys: whether there are keys.
  public init(
    _ plan: inout ViewPlan, _ settings: Settings, of wanted: [PCM3PlusPlus.View], keys: Bool, frames: Int
  ) {
    func samples(_ name: String, corruption: Float) -> View<[SkeletonClip]> {
      plan.samples(plan.samples(name, settings.pair.steps(frames, corruption: corruption)))
    }
    if wanted.contains(.base) || wanted.contains(.mix) {
      let samples = samples("query", corruption: settings.pair.corruption)
      if wanted.contains(.base) { query = plan.clips(samples) }
      if wanted.contains(.mix) { mixed = plan.mixed("mix", samples) }
    }
    if keys || wanted.contains(.clip) {
      let samples = samples("key", corruption: settings.pair.corruption)
      if keys { key = plan.clips(samples) }
      if wanted.contains(.clip) {
        clip = plan.timeWindow("clip", of: samples, share: settings.clipShare, layout: settings.clipLayout)
      }
    }
    if wanted.contains(.mask) {
      let samples = samples("masked", corruption: 0)
      source = plan.clips(samples)
      mask = plan.segmentMask("mask", of: samples, ratio: settings.maskRatio)
    }
  }
}

/// How the two views of a pair are augmented: a crop, and a shear or joints corrupted. Defaults are PCM3's.
public struct PairSettings: Sendable, Equatable {
  /// The crop's length as a share of the sample, drawn from this range and at least T frames where there are as many.
  public var crop: ClosedRange<Float> = 0.1...1
  /// The chance that a view has joints corrupted instead of being sheared.
  public var corruption: Float = 0.5

  /// The published settings.
  public init() {}

  static let settings: [Setting<PairSettings>] = [
    .range("crop", \.crop, 0.01...1, "length of the temporal crop, as a share of the sample"),
    .number("corruption", \.corruption, 0...1, "chance that joints are corrupted instead of sheared"),
  ]

  /// The augmentations of a view of `frames` frames, with a chance of corruption of its own or that of the settings.
  func steps(_ frames: Int, corruption: Float? = nil) -> [Augmentation] {
    [.crop(crop, to: frames), .shear(orCorrupting: corruption ?? self.corruption)]
  }
}
