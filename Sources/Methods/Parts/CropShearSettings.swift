import Batches
import Recipes

/// How clips are augmented for contrast on ST-GCN. Defaults are CrosSCLR's.
public struct CropShearSettings: Sendable, Equatable {
  /// What share of a clip is mirrored at each end before a crop of its length: one in so many frames.
  public var padding = 6
  /// The largest number beside the diagonal of a shear.
  public var shear: Float = 0.5

  /// The published settings.
  public init() {}

  static let settings: [Setting<CropShearSettings>] = [
    .integer(
      "padding", \.padding, 1...1024,
      "one in so many frames is mirrored at each end before a crop of the clip's length"),
    .number("shear", \.shear, 0...2, "the largest number beside the diagonal of a shear"),
  ]

  /// A crop and a shear.
  func weak(_ frames: Int) -> [Augmentation] {
    [.paddedCrop(ratio: padding, to: frames), .shear(upTo: shear)]
  }

  /// AimCLR's extreme augmentations, in the order of its released code.
  func strong(_ frames: Int) -> [Augmentation] {
    weak(frames) + [
      .exchangeSides.sometimes(0.5), .turn(main: 30, others: 1), .noise(deviation: 0.01).sometimes(0.5),
      .blur(deviation: 0.1...2).sometimes(0.5), .dropAxis.sometimes(0.5),
    ]
  }
}
