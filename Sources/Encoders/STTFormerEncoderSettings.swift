import NN
import Recipes
import Skeleton

extension STTFormerSettings: EncoderSettings {
  /// Channels of the first two blocks; the next two have twice and the last four four times as many.
  var channels: Int {
    get { blocks[0].inputs }
    set {
      let widths = [1, 1, 1, 2, 2, 4, 4, 4, 4].map { $0 * newValue }
      blocks = zip(widths, widths.dropFirst()).map { Block(from: $0, to: $1, keys: $1 / 4) }
    }
  }

  /// Its name in recipes.
  public static let kind = "sttformer"
  /// What it is.
  public static let summary =
    "STTFormer: attention among the joints of some frames in a row, then over such tuples."
  /// Its settings.
  public static let settings: [Setting<STTFormerSettings>] = [
    .integer(
      "channels", \.channels, 4...1024,
      "channels of the first two blocks, a multiple of 4; later ones have 2 and 4 times as many"),
    .integer("span", \.span, 1...256, "frames of a tuple, a divisor of the clip's"),
    .integer("heads", \.heads, 1...64, "heads of each attention"),
  ]

  /// Refuses channels that cannot be shared out, and clips that are no tuples.
  public func check(_ input: EncoderInput, in file: String) throws {
    try InputError.requireMultiple(channels, at: "encoder.channels", of: 4, in: file)
    try InputError.requireMultiple(input.frames, at: "input.frames", of: span, "encoder.span", in: file)
  }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    var settings = self
    (settings.frames, settings.coordinates) = (input.frames, input.layout.coordinates)
    let network = STTFormer(scope, settings, joints: input.layout.jointCount)
    return BodiesEncoder(input.layout, featureCount: network.featureCount) { network($0, $1) }
  }
}
