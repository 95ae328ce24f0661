import NN
import Recipes
import Skeleton

/// The size of Hi-TRS as an encoder.
public struct HiTRSSettings: EncoderSettings {
  /// Numbers of a joint's token; a feature has four times as many.
  public var width = 128
  /// Blocks of each level.
  public var layers = 3
  /// Heads of each attention.
  public var heads = 8
  /// Numbers of a head on every level.
  public var headWidth = 64
  /// Frames of a clip of the middle level.
  public var window = 7
  /// How probable it is that a number of a branch is left out in training.
  public var dropout: Float = 0.2

  /// The published encoder.
  public init() {}

  /// Its name in recipes.
  public static let kind = "hitrs"
  /// What it is.
  public static let summary =
    "Hi-TRS: transformers over joints of a frame, frames of a window, windows of the clip."
  /// Its settings.
  public static let settings: [Setting<HiTRSSettings>] = [
    .integer(
      "width", \.width, 4...2048, "numbers of a joint's token, a multiple of 4; a feature has 4 times as many"
    ),
    .integer("layers", \.layers, 1...64, "blocks of each level"),
    .integer("heads", \.heads, 1...64, "heads of each attention"),
    .integer("head_width", \.headWidth, 1...1024, "numbers of a head on every level"),
    .integer("window", \.window, 1...255, "frames of a window, every second one"),
    .number("dropout", \.dropout, 0...0.95, "how often a number of a branch is left out in training"),
  ]

  /// Refuses widths without a whole number of waves, and clips of more windows than there are positions.
  public func check(_ input: EncoderInput, in file: String) throws {
    try InputError.requireMultiple(width, at: "encoder.width", of: 4, in: file)
    let size = size(input.layout)
    let windows = size.windows(frames: input.frames + 2 * size.padding).count
    guard windows <= size.clips else {
      throw InputError(
        file, at: "input.frames", found: "\(input.frames), \(windows) windows",
        expected: "frames of at most \(size.clips) windows")
    }
  }

  private func size(_ layout: SkeletonLayout) -> HiTRS.Size {
    var size = HiTRS.Size(joints: layout.jointCount)
    size.channels = layout.coordinates
    (size.width, size.depth, size.heads, size.headWidth) = (width, layers, heads, headWidth)
    (size.window, size.stride, size.dropout) = (window, window, dropout)
    return size
  }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    let network = HiTRS(scope, size(input.layout))
    return BodiesEncoder(input.layout, featureCount: 4 * width) { network($0, $1) }
  }
}
