import Batches
import NN
import Recipes
import Skeleton
import TensorCore

/// The size of MAMP's transformer as an encoder.
public struct VisionTransformerSettings: EncoderSettings {
  /// How many blocks there are.
  public var layers = 8
  /// Numbers of a token.
  public var width = 256
  /// Heads of each attention.
  public var heads = 8
  /// Frames of a patch.
  public var span = 4
  /// How probable it is that a branch of the last block is left out in training; the first never is.
  public var dropPath: Float = 0
  /// How many bodies of a clip are read; 0 for all.
  public var bodies = 0
  /// What norms add to the variance.
  public var epsilon: Float = 1e-5
  /// What the learned factors of branches start as; 0 for none.
  public var layerScale: Float = 0

  /// The published encoder.
  public init() {}

  /// Its name in recipes.
  public static let kind = "vit"
  /// What it is.
  public static let summary =
    "MAMP's transformer over patches of joints; its feature is the mean of its tokens."
  /// Its settings.
  public static let settings: [Setting<VisionTransformerSettings>] = [
    .integer("layers", \.layers, 1...64, "blocks"),
    .integer("width", \.width, 2...4096, "numbers of a token, a multiple of heads"),
    .integer("heads", \.heads, 1...64, "heads of each attention"),
    .integer("span", \.span, 1...256, "frames of a patch, a divisor of the clip's"),
    .number(
      "drop_path", \.dropPath, 0...0.95,
      "how often a branch of the last block is left out in training; the first never is"),
    .integer("bodies", \.bodies, 0...8, bodiesMeaning),
    .number("epsilon", \.epsilon, 1e-12...1, "what norms add to the variance"),
    .number(
      "layer_scale", \.layerScale, 0...10, "what the learned factors of branches start as; 0 for none"),
  ]

  /// Refuses widths that heads do not divide, and clips that patches do not.
  public func check(_ input: EncoderInput, in file: String) throws {
    guard width.isMultiple(of: heads) else {
      throw InputError(
        file, at: "encoder.width", found: "\(width)", expected: "a multiple of encoder.heads, \(heads)")
    }
    guard input.frames.isMultiple(of: span) else {
      throw InputError(
        file, at: "input.frames", found: "\(input.frames)", expected: "a multiple of encoder.span, \(span)")
    }
    try input.check(bodies: bodies, in: file)
  }

  /// The encoder.
  public func encoder(_ scope: Scope, _ input: EncoderInput) -> any SkeletonEncoder {
    var size = VisionTransformer.Size()
    (size.frames, size.joints, size.channels) = (
      input.frames, input.layout.jointCount, input.layout.coordinates
    )
    (size.span, size.width, size.depth, size.heads) = (span, width, layers, heads)
    (size.inner, size.dropPath) = (4 * width, dropPath)
    (size.epsilon, size.layerScale) = (epsilon, layerScale > 0 ? layerScale : nil)
    return VisionTransformerEncoder(
      VisionTransformer(scope, size), bodies: bodies == 0 ? input.layout.bodies : bodies)
  }
}

/// MAMP's transformer as an encoder of clips: each body by itself, and the mean of all tokens of all bodies.
public struct VisionTransformerEncoder: TokenEncoder, BlockEncoder {
  private let transformer: VisionTransformer
  private let bodyCount: Int

  /// A transformer that reads clips of so many bodies.
  public init(_ transformer: VisionTransformer, bodies: Int) {
    (self.transformer, bodyCount) = (transformer, bodies)
  }

  /// How many patches there are, and their sizes.
  public var grid: VisionTransformer.Size { transformer.size }
  /// Numbers of a token.
  public var featureCount: Int { grid.width }

  /// (N, T, V · C · M) to (N · M, T, V, C), bodies of a sample next to each other.
  public func bodies(_ x: Clips) -> Tensor {
    BodyMap.bodies(x.values, joints: grid.joints, coordinates: grid.channels, first: bodyCount)
      .reshaped([x.count * bodyCount, x.frames, grid.joints, grid.channels])
  }

  /// The tokens that a mask keeps of each body, or all, (N · M, kept, D).
  public func tokens(_ x: Tensor, keeping kept: [[Int]]?, _ pass: Pass) -> Tensor {
    transformer(x, keeping: kept, pass)
  }

  /// How many blocks there are.
  public var blockCount: Int { grid.depth }
  /// The embedding of patches and the position tables.
  public var firstNames: [String] { ["joints_embed.", "pos_embed", "temp_embed"] }

  /// What each block makes of all tokens, (N · M, L, D) each, before the last norm.
  public func layers(_ x: Tensor, _ pass: Pass) -> [Tensor] { transformer.layers(x, pass) }

  /// The mean of all tokens of all bodies, (N, D).
  public func callAsFunction(_ x: Clips, _ pass: Pass) -> Tensor {
    let tokens = tokens(bodies(x), keeping: nil, pass)  // (N · M, L, D)
    return tokens.reshaped([x.count, bodyCount * grid.tokens, grid.width]).mean(axes: [1])
  }
}
