import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// A compact masked transformer: few, long patches, of which generated targets at several time scales are guessed without a
/// teacher, and whose whole tells two views of a sequence from others.
///
///     L = w₁ Σ_views mean over hidden |guess - target|² + w₂ Σ_views spread(targets) + w₃ L_agree
///
/// L_agree is the contrast of the projected means of the tokens that were seen of two views, with the rest of the batch.
///
/// Source: our own composition. Patches of 8 times 25 and the contrast of wholes are SLiM's, targets that a light network
/// makes at several scales are those of "Towards efficient general feature prediction in masked skeleton modeling" (ICCV
/// 2025); of both descriptions, not programs, were at hand. See ``ScaleTargets``.
public struct Compact: PretrainingMethod {
  /// The settings.
  public struct Settings: MethodSettings {
    /// How clips are augmented, and what is hidden.
    public var views = TokenViewSettings(TokenMask(.tube, hiding: 0.5))
    /// The largest number beside the diagonal of a shear.
    public var shear: Float = 0
    /// Patches of the windows that targets are of, or all where there are fewer.
    public var scales = [1, 2, 4]
    /// Numbers of a target at one scale.
    public var target = 32
    /// Numbers of the layer inside the network of targets.
    public var hidden = 128
    /// Numbers of a projection.
    public var projection = 128
    /// The temperature of the contrast.
    public var temperature: Float = 0.1
    /// w₁: what the error of guesses is multiplied by.
    public var guessWeight: Float = 1
    /// w₂: what the likeness of targets is multiplied by.
    public var spreadWeight: Float = 0.1
    /// w₃: what the contrast is multiplied by.
    public var agreeWeight: Float = 1
    /// The decoder's sizes.
    public var decoder = TokenDecoderSettings(layers: 1)

    /// Our settings.
    public init() {}

    /// The method's name.
    public static let kind = "compact"
    /// What it is.
    public static let summary =
      "A compact masked transformer: generated targets of hidden patches at several time scales, and contrast of wholes."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [.number("views.shear", \.shear, 0...2, "the largest number beside the diagonal of a shear")]
      + Setting.group("", \.views, TokenViewSettings.settings) + [
        .integers("scales", \.scales, 1...1024, "patches of the windows that targets are of, or all"),
        .integer("target", \.target, 2...4096, "numbers of a target at one scale"),
        .integer("hidden", \.hidden, 1...8192, "numbers inside the network of targets"),
        .integer("projection", \.projection, 2...8192, "numbers of a projection"),
        .number("temperature", \.temperature, 0.001...10, "temperature of the contrast"),
        .number("weight.guess", \.guessWeight, 0...1000, "what the error of guesses is multiplied by"),
        .number("weight.spread", \.spreadWeight, 0...1000, "what the likeness of targets is multiplied by"),
        .number("weight.agree", \.agreeWeight, 0...1000, "what the contrast is multiplied by"),
      ] + Setting.group("decoder", \.decoder, TokenDecoderSettings.settings)

    /// Refuses windows that patches do not fill.
    public func check(_ around: MethodSurroundings, in file: String) throws {
      try decoder.check(in: file)
      guard let span = around.encoder[as: VisionTransformerSettings.self]?.span else { return }
      let steps = around.frames / span
      guard scales.allSatisfy({ steps.isMultiple(of: min($0, steps)) }), !scales.isEmpty else {
        throw InputError(
          file, at: "method.scales", found: "\(scales)",
          expected: "divisors of \(steps), the patches of a joint")
      }
    }
  }

  /// `guess`, `spread`, `agree`.
  public let terms = ["guess", "spread", "agree"]
  private let settings: Settings
  private let encoder: any TokenEncoder
  private let decoder: TokenDecoder
  private let targets: ScaleTargets
  private let projector: NormalizedLayers
  /// The two views, and what is seen of them.
  package let views: [(clips: View<Clips>, kept: View<[[Int]]>)]

  /// A model with fresh parameters: `encoder_q.*`, `targets.*`, `projector.*` and the decoder's beside.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    encoder = try build.encoder(build.root / "encoder_q", as: (any TokenEncoder).self)
    let (grid, root) = (encoder.grid, build.root)
    decoder = TokenDecoder(
      root, of: grid, settings.decoder.size(beside: grid), outputs: settings.scales.count * settings.target)
    targets = ScaleTargets(
      root / "targets", of: grid, scales: settings.scales, width: settings.target, hidden: settings.hidden)
    projector = NormalizedLayers(
      root / "projector", widths: [grid.width, 2 * grid.width, settings.projection])
    let steps =
      settings.views.steps(build.frames) + (settings.shear > 0 ? [.shear(upTo: settings.shear)] : [])
    views = ["first", "second"].map { name in
      let samples = build.views.samples(build.views.samples(name, steps))
      return (
        build.views.clips(samples),
        build.views.tokens("\(name).tokens", of: samples, span: grid.span, settings.views.mask)
      )
    }
  }

  /// The loss of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let grid = encoder.grid
    var (terms, wholes): ([Term], [Tensor]) = ([], [])
    for (number, view) in views.enumerated() {
      let (clips, pass) = (batch[view.clips], step.pass("view \(number)"))
      let masked = MaskedTokens(clips, batch[view.kept], encoder)
      let tokens = encoder.tokens(masked.bodies, keeping: masked.kept, pass)  // (B, kept, D)
      wholes.append(
        projector(
          tokens.reshaped([clips.count, tokens.count / clips.count / grid.width, grid.width]).mean(axes: [1]),
          pass
        ).normalizedRows())
      step.show("whole \(number)", wholes[number])
      guard settings.guessWeight > 0 else { continue }
      let made = targets(masked.bodies)
      let width = made.shape[2]
      let hidden = masked.hidden(of: grid.tokens)
      func rows(_ x: Tensor) -> Tensor { x.reshaped([x.count / width, width]).rows(hidden) }
      let guesses = rows(decoder(tokens, at: masked.kept, pass))
      step.show("guess \(number)", guesses)
      step.show("target \(number)", rows(made))
      step.show("targets \(number)", made)
      terms += [
        Term("guess", (guesses - rows(made)).square().mean(), weight: settings.guessWeight),
        Term("spread", ScaleTargets.spread(made), weight: settings.spreadWeight),
      ]
    }
    let products = wholes[0].matmul(wholes[1], transposed: true) * (1 / settings.temperature)
    let labels = Array(0..<products.shape[0])
    let agree =
      softmaxCrossEntropy(products, labels: labels)
      + softmaxCrossEntropy(products.permuted([1, 0]), labels: labels)
    step.learn(terms + [Term("agree", agree * 0.5, weight: settings.agreeWeight)])
  }
}
