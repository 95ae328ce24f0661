import Batches
import Recipes

/// How clips are made of which a transformer sees some patches. Defaults are MAMP's.
public struct TokenViewSettings: Sendable, Equatable {
  /// The crop's length as a share of the sample.
  public var crop: ClosedRange<Float> = 0.5...1
  /// Frames of the shortest crop.
  public var least = 64
  /// The largest angle of a turn about each axis, in radians.
  public var rotation: Float = 0.3
  /// What is hidden.
  public var mask: TokenMask

  /// The published settings.
  public init(_ mask: TokenMask = TokenMask()) { self.mask = mask }

  static let settings: [Setting<TokenViewSettings>] =
    [
      .range("views.crop", \.crop, 0.01...1, "length of the temporal crop, as a share of the sample"),
      .integer("views.least", \.least, 1...1024, "frames of the shortest crop"),
      .number(
        "views.rotation", \.rotation, 0...3.2, "the largest angle of a turn about each axis, in radians"),
    ] + Setting.group("mask", \.mask, TokenMask.settings)

  /// A crop.
  func crop(_ frames: Int) -> Augmentation { .crop(crop, atLeast: least, to: frames) }

  /// A crop and turns.
  func steps(_ frames: Int) -> [Augmentation] {
    [crop(frames)] + (rotation > 0 ? [.rotation(upTo: rotation)] : [])
  }
}

extension TokenMask {
  /// The settings of a recipe.
  static let settings: [Setting<TokenMask>] = [
    .choice(
      "kind", \.kind,
      "what is hidden: motion hides what moves, random any patches, tube the same joints for some patches"),
    .number("share", \.share, 0...0.999, "share of the patches that is hidden"),
    .number("temperature", \.temperature, 0.001...1000, "how little motion counts against chance"),
    .integer("length", \.length, 1...1024, "patches of a tube"),
  ]
}
