import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// Latent targets: what a slow copy of the encoder makes of all patches is guessed of the hidden ones.
///
/// Skeleton2vec guesses the mean of the layers of the copy, each standardized and the mean again, by the squared error.
/// S-JEPA guesses the copy's tokens as a distribution, centred and sharpened, by the cross-entropy; there the copy sees the
/// crop as it is, and the encoder sees it turned, moved, and at times with its sides exchanged.
///
/// Source: Xu et al., "Skeleton2vec: a self-supervised learning framework with contextualized target representations for
/// skeleton sequence" (2024), and its released code; Abdelfattah and Alahi, "S-JEPA" (ECCV 2024), of which there is no
/// program: temperatures, and the speeds of copy and centre, are ours.
public struct LatentTargets: PretrainingMethod {
  /// How a guess is compared with its target.
  public enum Loss: String, CaseIterable, Sendable {
    /// The mean squared error to the mean of the layers.
    case layers
    /// The cross-entropy to the last tokens as distributions.
    case distribution
  }

  /// The settings of latent targets. Defaults are Skeleton2vec's.
  public struct Settings: MethodSettings {
    /// How clips are augmented, and what is hidden.
    public var views = TokenViewSettings(TokenMask(.tube))
    /// Whether the copy sees the crop without turns, shifts and exchanges.
    public var isTeacherPlain = false
    /// The largest shift along each axis, in the unit of the data.
    public var shift: Float = 0
    /// How often left and right are exchanged.
    public var exchange: Float = 0
    /// How a guess is compared.
    public var loss = Loss.layers
    /// What divides guesses of distributions.
    public var studentTemperature: Float = 0.1
    /// What divides targets of distributions.
    public var teacherTemperature: Float = 0.06
    /// How much of the centre of distributions stays in a step.
    public var centreMomentum: Float = 0.9
    /// How much of the copy stays in a step, at first and at last.
    public var keyMomentum: ClosedRange<Float> = 0.9998...0.99999
    /// Steps over which it rises.
    public var ramp = 20_000
    /// The decoder's sizes.
    public var decoder = TokenDecoderSettings(layers: 4)

    /// The published settings.
    public init() {}

    /// The method's name.
    public static let kind = "latent"
    /// What it is.
    public static let summary =
      "Skeleton2vec and S-JEPA: what a slow copy makes of hidden patches is guessed from those that are seen."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        .flag(
          "views.plain_teacher", \.isTeacherPlain,
          "whether the copy sees the crop without turns, shifts and exchanges"),
        .number("views.shift", \.shift, 0...10, "the largest shift along each axis"),
        .number("views.exchange", \.exchange, 0...1, "how often left and right are exchanged"),
      ] + Setting.group("", \.views, TokenViewSettings.settings) + [
        .choice(
          "loss", \.loss,
          "layers is the squared error to the mean of layers, distribution the cross-entropy to the last tokens"
        ),
        .number("temperature.student", \.studentTemperature, 0.001...10, "temperature of guesses"),
        .number("temperature.teacher", \.teacherTemperature, 0.001...10, "temperature of targets"),
        .number("centre_momentum", \.centreMomentum, 0...1, "how much of the centre stays in a step"),
        .range("key_momentum", \.keyMomentum, 0...1, "how much of the copy stays in a step, first and last"),
        .integer("ramp", \.ramp, 1...100_000_000, "steps over which that rises"),
      ] + Setting.group("decoder", \.decoder, TokenDecoderSettings.settings)

    /// Refuses widths that heads do not divide.
    public func check(_ around: MethodSurroundings, in file: String) throws { try decoder.check(in: file) }

    /// How much of the copy stays in a step, from 0.
    func keyMomentum(step: Int) -> Float {
      let share = min(Float(step) / Float(ramp), 1)
      return keyMomentum.lowerBound + (keyMomentum.upperBound - keyMomentum.lowerBound) * share
    }

    /// What is done to the crop that the encoder sees.
    var changes: [Augmentation] {
      (views.rotation > 0 ? [.rotation(upTo: views.rotation)] : [])
        + (shift > 0 ? [.shift(upTo: shift)] : [])
        + (exchange > 0 ? [Augmentation.exchangeSides.sometimes(exchange)] : [])
    }
  }

  /// `latent`.
  public let terms = ["latent"]
  private let settings: Settings
  private let encoder: any TokenEncoder
  private let decoder: TokenDecoder
  private let teacher: Teacher<any TokenEncoder>
  private let centre: Parameter?  // (D)
  private let steps: Parameter  // (1)
  /// What the encoder sees, what the copy sees, and the patches that are seen.
  package let views: (student: View<Clips>, teacher: View<Clips>, kept: View<[[Int]]>)

  /// A model with fresh parameters: `encoder_q.*`, the same of `encoder_k`, and the decoder's beside.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    encoder = try build.encoder(build.root / "encoder_q", as: (any TokenEncoder).self)
    let grid = encoder.grid
    teacher = try build.teacher("encoder_k", of: "encoder_q") {
      try build.encoder($0, as: (any TokenEncoder).self)
    }
    decoder = TokenDecoder(
      build.root, of: grid, settings.decoder.size(beside: grid), outputs: grid.width)
    centre =
      settings.loss == .distribution ? build.root.memory("centre") { .zeros([grid.width]) } : nil
    steps = build.root.memory("steps") { .zeros([1]) }
    let crops: View<[SkeletonClip]> = build.views.samples("crop", [settings.views.crop(build.frames)])
    let changed: View<[SkeletonClip]> = build.views.samples("student", of: crops, settings.changes)
    let samples = build.views.samples(changed)
    let plain = settings.isTeacherPlain ? build.views.samples(crops) : samples
    views = (
      build.views.clips(samples), build.views.clips(plain),
      build.views.tokens("student.tokens", of: samples, span: grid.span, settings.views.mask)
    )
  }

  /// The loss of a batch; the copy first follows what the step before has learned.
  public func step(_ batch: Batch, _ step: inout Step) {
    let number = Int(steps.value.values[0])
    if number > 0 { teacher.follow(settings.keyMomentum(step: number - 1)) }
    steps.value = Tensor([Float(number + 1)], shape: [1])
    let masked = MaskedTokens(batch[views.student], batch[views.kept], encoder)
    let (grid, pass) = (encoder.grid, step.pass("student"))
    let whole = encoder.bodies(batch[views.teacher])
    let tokens = encoder.tokens(masked.bodies, keeping: masked.kept, pass)  // (B, kept, D)
    let guesses = decoder(tokens, at: masked.kept, pass)  // (B, L, D)
    let hidden = masked.hidden(of: grid.tokens)
    func rows(_ x: Tensor) -> Tensor { x.reshaped([x.count / grid.width, grid.width]).rows(hidden) }
    let (guess, target) = (rows(guesses), rows(target(of: whole)))
    step.show("target", target)
    step.show("guess", guess)
    guard let centre else {
      step.learn(Term("latent", (guess - target).square().mean()))
      return
    }
    let sharpened = ((target - centre.value) * (1 / settings.teacherTemperature)).softmax()
    step.learn(
      Term("latent", softCrossEntropy(guess, target: sharpened, temperature: settings.studentTemperature)))
    let momentum = settings.centreMomentum
    centre.value = centre.value * momentum + target.mean(axes: [0]) * (1 - momentum)
  }

  /// What the copy makes of bodies (B, T, V, C), a constant (B, L, D).
  private func target(of bodies: Tensor) -> Tensor {
    if settings.loss == .distribution {
      return teacher.module.tokens(bodies, keeping: nil, .evaluation).detached()
    }
    let layers = teacher.module.layers(bodies, .evaluation)
    return Self.mean(of: layers.map { $0.detached() })
  }

  /// The mean of layers (B, L, D), each token standardized before and after.
  package static func mean(of layers: [Tensor]) -> Tensor {
    let rows = layers.map { $0.standardized(axis: 2, epsilon: 1e-5) }
    let sum = rows.dropFirst().reduce(rows[0], +)
    return (sum * (1 / Float(layers.count))).standardized(axis: 2, epsilon: 1e-5)
  }
}
