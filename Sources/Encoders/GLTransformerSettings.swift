import NN
import Recipes
import Skeleton

/// The size of GL-Transformer as an encoder.
public struct GLTransformerSettings: EncoderSettings {
  /// Numbers of a token; a feature has as many for each joint of each body.
  public var width = 48
  /// Blocks.
  public var layers = 4
  /// Heads of each attention.
  public var heads = 8
  /// How probable it is that a number is left out in training.
  public var dropout: Float = 0.1
  /// How probable it is that a branch of the last block is left out in training; the first never is.
  public var dropPath: Float = 0.1

  /// The published encoder.
  public init() {}

  /// Its name in recipes.
  public static let kind = "gl"
  /// What it is.
  public static let summary =
    "GL-Transformer: attention among the joints of each frame, then among frames; the feature is their mean."
  /// Its settings.
  public static let settings: [Setting<GLTransformerSettings>] = [
    .integer(
      "width", \.width, 1...1024,
      "numbers of a token, a multiple of heads; a feature has as many for each joint of each body"),
    .integer("layers", \.layers, 1...64, "blocks"),
    .integer("heads", \.heads, 1...64, "heads of each attention"),
    .number("dropout", \.dropout, 0...0.95, "how often a number is left out in training"),
    .number(
      "drop_path", \.dropPath, 0...0.95,
      "how often a branch of the last block is left out in training; the first never is"),
  ]

  /// Refuses widths that heads do not divide.
  public func check(_ input: EncoderInput, in file: String) throws {
    try InputError.requireMultiple(width, at: "encoder.width", of: heads, "encoder.heads", in: file)
  }

  /// The encoder. The slot of a body's own way is that of the layout's centre.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    let layout = input.layout
    var size = GLTransformer.Size(joints: layout.jointCount, bodies: layout.bodies, root: layout.centre)
    (size.frames, size.channels) = (input.frames, layout.coordinates)
    (size.width, size.depth, size.heads) = (width, layers, heads)
    (size.dropout, size.dropPath) = (dropout, dropPath)
    let network = GLTransformer(scope, size)
    return BodiesEncoder(layout, featureCount: size.features) { network.pooled(network($0, $1)) }
  }
}
