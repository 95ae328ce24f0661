import NN
import Recipes
import Skeleton

extension HCNSettings: EncoderSettings {
  /// Its name in recipes.
  public static let kind = "hcn"
  /// What it is.
  public static let summary =
    "HCN: convolutions that read all joints at once; of the bodies the larger numbers count."
  /// Its settings.
  public static let settings: [Setting<HCNSettings>] = [
    .integer(
      "width", \.width, 2...1024,
      "channels of the first convolution, even; a feature has 4 times as many for each square of T / 16"),
    .number("dropout", \.dropout, 0...0.95, "how often a channel is left out in training"),
  ]

  /// Refuses channels that cannot be halved, and clips that four times cannot.
  public func check(_ input: EncoderInput, in file: String) throws {
    try InputError.requireMultiple(width, at: "encoder.width", of: 2, in: file)
    try InputError.requireMultiple(input.frames, at: "input.frames", of: 16, in: file)
  }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    var settings = self
    (settings.frames, settings.coordinates) = (input.frames, input.layout.coordinates)
    let network = HCN(scope, settings, joints: input.layout.jointCount)
    return BodiesEncoder(input.layout, featureCount: network.featureCount) { network($0, $1) }
  }
}
