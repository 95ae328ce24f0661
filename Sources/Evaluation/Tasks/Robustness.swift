import Batches
import Recipes
import Reporting
import Skeleton

/// Robustness: how linear evaluation gets worse as test samples get worse, as curves.
///
/// It goes beyond the paper, whose two columns of occluded recognition are points of two of the curves. Only test samples
/// are changed; the layer learns from whole ones.
public struct RobustnessRecipe: HeadRecipe {
  /// The layer's settings.
  public var head = HeadSettings()
  /// In which ways samples are made worse.
  public var corruptions = Corruption.allCases
  /// Percent of the joints that are hidden.
  public var spatial = [10, 20, 30, 40, 50, 60, 70]
  /// Percent of the frames that are hidden.
  public var temporal = [10, 20, 30, 40, 50, 60, 70]
  /// Percent of the frames that are dropped.
  public var frames = [20, 40, 60, 80, 90, 95]
  /// Deviations of each coordinate in millimetres.
  public var noise = [5, 10, 20, 50, 100, 200]
  /// Angles in degrees.
  public var view = [15, 30, 45, 60, 90, 120, 180]

  /// CMD's settings, and all corruptions.
  public init() {}

  /// The recipe's kind.
  public static let kind = "robustness"
  /// What the recipe is for.
  public static let summary =
    "Robustness: linear evaluation as test samples get worse by occlusion, dropped frames, noise and turning."
  /// All settings with their ranges.
  public static let settings: [Setting<RobustnessRecipe>] =
    [
      .choices("corruptions", \.corruptions, "in which ways test samples are made worse"),
      .integers("levels.spatial", \.spatial, 1...99, "percent of the joints that are hidden, by body parts"),
      .integers("levels.temporal", \.temporal, 1...99, "percent of the frames that are hidden, in one block"),
      .integers("levels.frames", \.frames, 1...100, "percent of the frames that are dropped"),
      .integers(
        "levels.noise", \.noise, 1...10_000, "deviation of each coordinate of a joint, in millimetres"),
      .integers("levels.view", \.view, 1...180, "angle by which samples are turned, in degrees"),
    ] + Setting.head

  /// Checks what no single setting can.
  public func checkConsistency(in file: String) throws {
    try head.checkConsistency(in: file)
    guard !corruptions.isEmpty, Set(corruptions).count == corruptions.count else {
      throw InputError(file, at: "corruptions", found: "none, or one twice", expected: "different ones")
    }
  }

  /// The levels of a corruption.
  func levels(of corruption: Corruption) -> [Int] {
    switch corruption {
    case .spatial: spatial
    case .temporal: temporal
    case .frames: frames
    case .noise: noise
    case .view: view
    }
  }

  /// Trains a layer on the training samples, and measures the test samples as they are and at every level.
  ///
  /// Measures: `top1`, `top5` and `mean_class` of whole samples; under each corruption's name `top1`, the mean over its
  /// levels. Every curve starts with the whole samples at 0.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    let ensemble = try HeadEnsemble(head, of: subject, mode: mode)
    let (seed, up) = (UInt64(head.seed), try subject.test.upright())
    let clean = try ensemble.metrics(of: subject.test)
    let line = ProgressLine(
      total: corruptions.reduce(0) { $0 + levels(of: $1).count }, unit: "levels", mode: mode, label: Self.kind
    )
    var measures = [EvaluationResult.Measure](clean)
    var curves: [EvaluationResult.Curve] = []
    for corruption in corruptions {
      var points = [EvaluationResult.Curve.Point(x: 0, y: clean.top1)]
      for level in levels(of: corruption) {
        let metrics = try ensemble.metrics(of: subject.test) { clip, name in
          corruption.applied(to: clip, name: name, level: level, seed: seed, up: up)
        }
        points.append(EvaluationResult.Curve.Point(x: Double(level), y: metrics.top1))
        line.advance()
      }
      curves.append(
        EvaluationResult.Curve(corruption.rawValue, x: corruption.axis, y: "top-1, %", points: points))
      let worse = points.dropFirst().map(\.y)
      if !worse.isEmpty {
        measures.append(
          EvaluationResult.Measure(
            "top1", worse.reduce(0, +) / Double(worse.count), condition: corruption.rawValue))
      }
    }
    line.finish()
    var result = EvaluationResult(self, of: subject, measures: measures)
    result.classification = EvaluationResult.Classification(clean)
    result.curves = curves
    result.selected_on_test = head.report == .best_on_test ? true : nil
    result.head = try ensemble.trained(self, on: subject.train)
    return result
  }
}
