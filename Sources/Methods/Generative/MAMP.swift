import Batches
import Encoders
import NN
import Recipes
import TensorCore

/// MAMP: a transformer sees a tenth of the patches, rather those that do not move, and its tokens have to tell how the
/// others move.
///
/// The target of a patch is x[t + stride] - x[t] of its frames, 0 where the clip ends, less the patch's mean and over its
/// deviation; the loss is the mean squared error over hidden patches. With coordinates as target and any patches hidden it
/// is the masked autoencoder that tables of the field call SkeletonMAE.
///
/// Source: Mao et al., "Masked motion predictors are strong 3D action representation learners" (ICCV 2023), and its
/// released code.
public struct MAMP: PretrainingMethod {
  /// What is guessed of hidden patches.
  public enum Target: String, CaseIterable, Sendable {
    /// How its frames move.
    case motion
    /// Where its frames are.
    case coordinates
    /// Both, with errors that add up.
    case both
  }

  /// The settings of MAMP. Defaults are the published ones.
  public struct Settings: MethodSettings {
    /// How clips are augmented, and what is hidden.
    public var views = TokenViewSettings()
    /// What is guessed.
    public var target = Target.motion
    /// Frames between the two whose difference is motion.
    public var stride = 1
    /// Whether each patch's target is standardized.
    public var isNormalized = true
    /// The decoder's sizes.
    public var decoder = TokenDecoderSettings(layers: 5)

    /// The published settings.
    public init() {}

    /// The method's name.
    public static let kind = "mamp"
    /// What it is.
    public static let summary = "MAMP: how hidden patches move is guessed from some that are seen."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      Setting.group("", \.views, TokenViewSettings.settings) + [
        .choice("target", \.target, "what is guessed of hidden patches: motion, coordinates or both"),
        .integer("stride", \.stride, 1...1024, "frames between the two whose difference is motion"),
        .flag("normalize", \.isNormalized, "whether each patch's target is standardized"),
      ] + Setting.group("decoder", \.decoder, TokenDecoderSettings.settings)

    /// Refuses widths that heads do not divide.
    public func check(_ around: MethodSurroundings, in file: String) throws { try decoder.check(in: file) }

    /// The targets, in the order in which the decoder writes them.
    var targets: [Target] { target == .both ? [.motion, .coordinates] : [target] }
  }

  /// The targets.
  public var terms: [String] { settings.targets.map(\.rawValue) }
  package let settings: Settings
  private let encoder: any TokenEncoder
  private let decoder: TokenDecoder
  /// The clips and what is seen of them.
  package let views: (clips: View<Clips>, kept: View<[[Int]]>)

  /// A model with fresh parameters: `encoder_q.*`, and the decoder's beside.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    encoder = try build.encoder(build.root / "encoder_q", as: (any TokenEncoder).self)
    let grid = encoder.grid
    decoder = TokenDecoder(
      build.root, of: grid, settings.decoder.size(beside: grid),
      outputs: settings.targets.count * grid.patch)
    let samples = build.views.samples(build.views.samples("clips", settings.views.steps(build.frames)))
    views = (
      build.views.clips(samples),
      build.views.tokens("clips.tokens", of: samples, span: grid.span, settings.views.mask)
    )
  }

  /// The error of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    let masked = MaskedTokens(batch[views.clips], batch[views.kept], encoder)
    let (grid, pass) = (encoder.grid, step.pass("clips"))
    let tokens = encoder.tokens(masked.bodies, keeping: masked.kept, pass)  // (B, kept, D)
    let guesses = decoder(tokens, at: masked.kept, pass)  // (B, L, targets · patch)
    step.show("guesses", guesses)
    let seen = masked.seen(of: grid.tokens, width: grid.patch)
    step.learn(
      settings.targets.enumerated().map { number, target in
        let own = guesses.sliced(axis: 2, (number * grid.patch)..<((number + 1) * grid.patch))
        return Term(
          target.rawValue, maskedMSE(own, target: self.target(target, of: masked.bodies), mask: seen))
      })
  }

  /// What is to be guessed of each patch of bodies (B, T, V, C): (B, L, patch).
  package func target(_ target: Target, of bodies: Tensor) -> Tensor {
    let patches = encoder.grid.patches(
      of: target == .motion ? bodies.motion(over: settings.stride) : bodies)
    return settings.isNormalized ? patches.standardized(axis: 2, epsilon: 1e-6, unbiased: true) : patches
  }
}

extension Tensor {
  /// x[t + stride] - x[t] along the second axis, 0 where there is no such frame.
  func motion(over stride: Int) -> Tensor {
    guard stride < shape[1] else { return .zeros(shape) }
    let later = sliced(axis: 1, stride..<shape[1]) - sliced(axis: 1, 0..<(shape[1] - stride))
    return later.padded(axis: 1, before: 0, after: stride)
  }
}
