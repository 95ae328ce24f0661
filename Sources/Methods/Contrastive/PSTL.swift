import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// PSTL: what is told from a whole sequence is told as well from its quiet frames, and from some of its joints.
///
///     L = Σ_v Σ_i (C_ii - 1)² + λ Σ_{i≠j} C_ij²,  C = ẑᵀ ẑ_v / N
///
/// with the standardised projections of the whole view and of each other view v. SkeletonBT is this with one other view,
/// which is whole.
///
/// Source: Zhou et al., "Self-supervised action representation learning from partial spatio-temporal skeleton sequences"
/// (AAAI 2023), and its released code, in which a batch is augmented all alike.
public struct PSTL: PretrainingMethod {
  /// A view that is compared with the whole one.
  public enum Partner: String, CaseIterable, Sendable {
    /// Whole too.
    case whole
    /// Without the frames that move most.
    case frames
    /// Without some joints.
    case joints
  }

  /// The settings of PSTL. Defaults are the published ones.
  public struct Settings: MethodSettings {
    /// The views that are compared with the whole one.
    public var partners: [Partner] = [.frames, .joints]
    /// How all views are augmented at first.
    public var views = CropShearSettings()
    /// The share of the frames that are left out because they move most.
    public var dropped: Float = 0.2
    /// The share of the frames that stay.
    public var kept: Float = 0.6
    /// Draws of joints that are left out; a joint that is drawn again counts once.
    public var joints = 8
    /// Numbers in a projection, and in each layer before.
    public var projection = 6144
    /// λ, the weight of correlations between different numbers.
    public var offDiagonal: Float = 2e-4

    /// The published settings.
    public init() { views.shear = 1 }

    /// The method's name.
    public static let kind = "pstl"
    /// What it is.
    public static let summary = "PSTL and SkeletonBT: whole and partial views whose projections correlate."
    /// Its settings.
    public static let settings: [Setting<Settings>] =
      [
        .choices(
          "partners", \.partners,
          "views that are compared with the whole one: whole too, without moving frames, without some joints")
      ] + Setting.group("views", \.views, CropShearSettings.settings) + [
        .number(
          "frames.dropped", \.dropped, 0...0.95, "share of the frames that are left out, those that move most"
        ),
        .number("frames.kept", \.kept, 0.01...1, "share of the frames that stay"),
        .integer("joints", \.joints, 1...24, "draws of joints that are left out"),
        .integer("projection", \.projection, 2...16384, "numbers in a projection"),
        .number("off_diagonal", \.offDiagonal, 0...10, "weight of correlations between different numbers"),
      ]

    /// Refuses views that are there twice, and more frames than there are.
    public func checkConsistency(in file: String) throws {
      guard !partners.isEmpty, Set(partners).count == partners.count else {
        throw InputError(
          file, at: "method.partners", found: "[\(partners.map(\.rawValue).joined(separator: ", "))]",
          expected: "at least one view, and each once")
      }
      guard dropped + kept <= 1 else {
        throw InputError(
          file, at: "method.frames.kept", found: "\(kept)",
          expected: "at most \(1 - dropped), what method.frames.dropped leaves")
      }
    }

    /// The number of frames of a share.
    func frames(_ share: Float, of frames: Int) -> Int { Int(Float(frames) * share) }
  }

  /// A view and the joints that are left in it.
  private struct Partial {
    let partner: Partner
    let clips: View<Clips>
    let joints: View<[Int]>?
  }

  private let settings: Settings
  private let encoder: any JointSubsetEncoder
  private let projector: NormalizedLayers
  private let whole: View<Clips>
  private let partial: [Partial]

  /// A model with fresh parameters, `encoder_q.*` and `projector.*`.
  ///
  /// - Throws: an `InputError` if the encoder cannot do without joints.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    self.settings = settings
    encoder = try build.encoder(build.root / "encoder_q", as: (any JointSubsetEncoder).self)
    let size = settings.projection
    projector = NormalizedLayers(
      build.root / "projector", widths: [encoder.featureCount, size, size, size], hasBiases: false)
    let steps =
      settings.views.weak(build.frames) + [.turn(main: 30, others: 1), .exchangeSides.sometimes(0.5)]
    func samples(_ name: String) -> View<[SkeletonClip]> {
      build.views.samples(build.views.samples(name, alike: steps))
    }
    whole = build.views.clips(samples("query"))
    partial = settings.partners.map { partner in
      var view = samples(partner.rawValue)
      if partner == .frames {
        view = build.views.quietFrames(
          "quiet", of: view, dropped: settings.frames(settings.dropped, of: build.frames),
          kept: max(1, settings.frames(settings.kept, of: build.frames)))
      }
      let joints =
        partner == .joints ? build.views.keptJoints("kept joints", leavingOut: settings.joints) : nil
      return Partial(partner: partner, clips: build.views.clips(view), joints: joints)
    }
  }

  /// `bt_frames` and so on.
  public var terms: [String] { partial.map { "bt_\($0.partner)" } }

  /// The losses of a batch.
  public func step(_ batch: Batch, _ step: inout Step) {
    func projection(_ clips: View<Clips>, joints: View<[Int]>? = nil, _ pass: Pass) -> Tensor {
      let x = batch[clips]
      let map = joints.map { encoder.map(x, joints: batch[$0], pass) } ?? encoder.map(x, pass)
      return projector(encoder.pooled(map), pass)
    }
    let z = projection(whole, step.pass("query"))  // (N, D)
    step.show("projection", z)
    var terms: [Term] = []
    for view in partial {
      let other = projection(view.clips, joints: view.joints, step.pass(view.partner.rawValue))  // (N, D)
      step.show("projection \(view.partner)", other)
      terms.append(
        Term("bt_\(view.partner)", barlowTwins(z, other, offDiagonal: settings.offDiagonal)))
    }
    step.learn(terms)
  }
}
