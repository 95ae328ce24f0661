import Encoders
import Recipes
import Skeleton

/// The sizes of a decoder of hidden patches, but for what heads multiply: a recipe's `decoder`.
public struct TokenDecoderSettings: Sendable, Equatable {
  /// How many blocks there are.
  public var layers: Int
  /// Numbers of a token.
  public var width = 256
  /// Heads of each attention.
  public var heads = 8

  /// A decoder of MAMP's width.
  public init(layers: Int) { self.layers = layers }

  static let settings: [Setting<TokenDecoderSettings>] = [
    .integer("layers", \.layers, 1...64, "blocks of the decoder"),
    .integer("width", \.width, 2...4096, "numbers of a token in the decoder, a multiple of its heads"),
    .integer("heads", \.heads, 1...64, "heads of each of the decoder's attentions"),
  ]

  /// The sizes beside an encoder's.
  func size(beside grid: VisionTransformer.Size) -> TokenDecoder.Size {
    var size = TokenDecoder.Size()
    (size.depth, size.width, size.heads, size.inner) = (layers, width, heads, 4 * width)
    (size.epsilon, size.layerScale) = (grid.epsilon, grid.layerScale)
    return size
  }

  /// Refuses widths that heads do not divide.
  func check(in file: String) throws {
    guard width.isMultiple(of: heads) else {
      throw InputError(
        file, at: "method.decoder.width", found: "\(width)",
        expected: "a multiple of method.decoder.heads, \(heads)")
    }
  }
}
