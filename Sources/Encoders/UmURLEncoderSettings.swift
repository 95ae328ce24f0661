import Batches
import NN
import Recipes
import Skeleton
import TensorCore

extension UmURLEncoderSettings: EncoderSettings {
  /// Its name in recipes.
  public static let kind = "umurl"
  /// What it is.
  public static let summary =
    "UmURL's encoder: a reader of frames and one of joints, for positions, bones and motion at once."
  /// Its settings.
  public static let settings: [Setting<UmURLEncoderSettings>] = [
    .integer("width", \.width, 2...8192, "numbers of a token, even; a feature has twice as many"),
    .integer("heads", \.heads, 1...64, "heads of each attention, of which width is a multiple"),
  ]

  /// Refuses widths that cannot be shared out, and more frames than there are positions.
  public func check(_ input: EncoderInput, in file: String) throws {
    try InputError.requireMultiple(width, at: "encoder.width", of: 2, in: file)
    try InputError.requireMultiple(width, at: "encoder.width", of: heads, "encoder.heads", in: file)
    guard input.frames <= positions else {
      throw InputError(
        file, at: "input.frames", found: "\(input.frames)", expected: "at most \(positions)",
        hint: "this encoder has a table of so many positions")
    }
  }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    var settings = self
    (settings.frames, settings.coordinates) = (input.frames, input.layout.coordinates)
    let network = UmURLEncoder(
      scope, settings, bodies: input.layout.bodies, joints: input.layout.jointCount)
    return StreamsOfBodies(layout: input.layout, network: network)
  }
}

/// UmURL's encoder of clips of positions, of which it derives bones and motion.
private struct StreamsOfBodies: StreamsEncoder {
  let layout: SkeletonLayout
  let network: UmURLEncoder
  var featureCount: Int { network.featureCount }

  /// (N, M, T, V, C)
  private func bodies(_ x: Clips) -> Tensor {
    BodyMap.bodies(x.values, joints: layout.jointCount, coordinates: layout.coordinates)
  }

  func callAsFunction(_ x: Clips, _ pass: Pass) -> Tensor {
    let joint = bodies(x)
    let count = x.frames
    let moved = joint.sliced(axis: 2, 1..<count) - joint.sliced(axis: 2, 0..<(count - 1))
    return network.fused(
      joint: joint, bone: joint - joint.gathered(axis: 3, layout.parents),
      motion: moved.padded(axis: 2, before: 0, after: 1), pass)
  }

  func feature(_ x: Clips, of stream: SkeletonStream, _ pass: Pass) -> Tensor {
    network(bodies(x), stream, pass)
  }
}
