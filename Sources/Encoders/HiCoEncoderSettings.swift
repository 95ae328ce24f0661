import Batches
import NN
import Recipes
import Skeleton
import TensorCore

extension HiCoEncoderSettings: EncoderSettings {
  /// Its name in recipes.
  public static let kind = "hico"
  /// What it is.
  public static let summary =
    "HiCo's encoder: one reader of frames and one of joints, each of ever fewer tokens."
  /// Its settings.
  public static let settings: [Setting<HiCoEncoderSettings>] = [
    .choice("reader", \.reader, "what reads the tokens"),
    .integer(
      "width", \.width, 2...4096,
      "numbers of a token, even, and with transformers a multiple of heads"),
    .integer("heads", \.heads, 1...64, "heads of each attention, of transformers"),
    .integer(
      "granularities", \.granularities, 1...16,
      "how often tokens are read, each time half as many; a feature is 2 granularities · width numbers"),
    .number("dropout", \.dropout, 0...0.95, "how often a number is left out in training, of transformers"),
  ]

  /// Refuses widths that cannot be shared out, and clips that are too short to be halved so often.
  public func check(_ input: EncoderInput, in file: String) throws {
    try InputError.requireMultiple(width, at: "encoder.width", of: 2, in: file)
    if reader == .transformer {
      try InputError.requireMultiple(width, at: "encoder.width", of: heads, "encoder.heads", in: file)
    }
    let tokens = min(input.frames, input.layout.bodies * input.layout.jointCount)
    guard tokens >> (granularities - 1) > 0 else {
      throw InputError(
        file, at: "encoder.granularities", found: "\(granularities)",
        expected: "so many that \(tokens) tokens are left one when halved")
    }
  }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    var settings = self
    (settings.frames, settings.coordinates) = (input.frames, input.layout.coordinates)
    let network = HiCoEncoder(
      scope, settings, bodies: input.layout.bodies, joints: input.layout.jointCount)
    return GranularBodies(layout: input.layout, network: network)
  }
}

/// HiCo's encoder of clips.
private struct GranularBodies: GranularityEncoder {
  let layout: SkeletonLayout
  let network: HiCoEncoder
  var featureCount: Int { network.featureCount }
  var granularities: Int { network.granularities }
  var granularityWidth: Int { network.featureCount / (2 * network.granularities) }

  func vectors(_ x: Clips, _ pass: Pass) -> (clips: Tensor, parts: Tensor) {
    network.vectors(
      BodyMap.bodies(x.values, joints: layout.jointCount, coordinates: layout.coordinates), pass)
  }

  func callAsFunction(_ x: Clips, _ pass: Pass) -> Tensor {
    let (clips, parts) = vectors(x, pass)
    return Tensor.concatenated([clips, parts], axis: 1).reshaped([x.count, featureCount])
  }
}
