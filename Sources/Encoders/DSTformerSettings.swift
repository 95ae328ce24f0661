import NN
import Recipes
import Skeleton
import TensorCore

/// The size of MotionBERT's transformer as an encoder.
public struct DSTformerSettings: EncoderSettings {
  /// Numbers of a token.
  public var width = 512
  /// Pairs of blocks of each stream.
  public var layers = 5
  /// Heads of each attention.
  public var heads = 8
  /// Numbers between a block's two linear layers.
  public var inner = 1024
  /// Numbers of a joint's representation; a feature has as many for each joint.
  public var representation = 512

  /// The published encoder.
  public init() {}

  /// Its name in recipes.
  public static let kind = "dstformer"
  /// What it is.
  public static let summary =
    "MotionBERT's transformer: joints before frames beside frames before joints; the feature is each joint's mean."
  /// Its settings.
  public static let settings: [Setting<DSTformerSettings>] = [
    .integer("width", \.width, 1...4096, "numbers of a token, a multiple of heads"),
    .integer("layers", \.layers, 1...64, "pairs of blocks of each stream"),
    .integer("heads", \.heads, 1...64, "heads of each attention"),
    .integer("inner", \.inner, 1...16384, "numbers between a block's two linear layers"),
    .integer(
      "representation", \.representation, 1...4096,
      "numbers of a joint's representation; a feature has as many for each joint"),
  ]

  /// Refuses widths that heads do not divide.
  public func check(_ input: EncoderInput, in file: String) throws {
    try InputError.requireMultiple(width, at: "encoder.width", of: heads, "encoder.heads", in: file)
  }

  /// The encoder: each joint's mean over frames and bodies, joints side by side, as MotionBERT recognizes actions.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    let layout = input.layout
    var size = DSTformer.Size(joints: layout.jointCount)
    (size.frames, size.channels, size.coordinates) = (input.frames, layout.coordinates, layout.coordinates)
    (size.width, size.depth, size.heads) = (width, layers, heads)
    (size.inner, size.representation) = (inner, representation)
    let network = DSTformer(scope, size)
    let count = layout.jointCount * representation
    return BodiesEncoder(layout, featureCount: count) { x, pass in
      let (n, m, t) = (x.shape[0], x.shape[1], x.shape[2])
      let joints = network(x.reshaped([n * m, t] + x.shape.suffix(2)), pass)  // (N · M, T, V, R)
      return joints.reshaped([n, m * t, count]).mean(axes: [1])
    }
  }
}
