import Batches
import Recipes
import Reporting
import Shards
import Skeleton

/// Occluded recognition: linear evaluation on variants of a data set in which something is hidden.
///
/// Variants are made with `skelprep occlude`, whose masks depend on the seed and the sample's name alone. The paper does
/// not say whether the layer is trained on hidden or on whole samples; both are settings.
public struct OccludedRecipe: HeadRecipe {
  /// What the layer learns from.
  public enum Learning: String, CaseIterable, Sendable {
    /// The whole training samples: how well features bear what was never met.
    case clean
    /// The variant's own training samples: how much features still tell of what is left.
    case occluded
  }

  /// The layer's settings.
  public var head = HeadSettings()
  /// What the layer learns from.
  public var learning = Learning.clean

  /// CMD's settings, learning from whole samples.
  public init() {}

  /// The recipe's kind.
  public static let kind = "occluded"
  /// What the recipe is for.
  public static let summary =
    "Occluded recognition: linear evaluation on variants made with `skelprep occlude`, given by --variant."
  /// All settings with their ranges.
  public static let settings: [Setting<OccludedRecipe>] =
    [
      .choice(
        "train", \.learning,
        "what the layer learns from: whole samples, or the variant's own occluded training samples")
    ] + Setting.head

  /// Checks what no single setting can.
  public func checkConsistency(in file: String) throws { try head.checkConsistency(in: file) }

  /// Measures each variant under its name, and the test samples themselves under `clean`.
  public func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult {
    guard !subject.variants.isEmpty else {
      throw InputError(
        "occluded", found: "no variant", expected: "--variant NAME=FOLDER",
        hint:
          "make one with `skelprep occlude DATA --kind spatial --ratio 0.3...0.7 --seed 1 --output FOLDER`")
    }
    for variant in subject.variants { try check(variant) }
    let clean = try HeadEnsemble(head, of: subject, mode: mode)
    var measures: [EvaluationResult.Measure] = []
    var classification: EvaluationResult.Classification?
    for variant in subject.variants {
      let ensemble =
        learning == .clean
        ? clean
        : try HeadEnsemble(head, of: subject, on: variant.train, test: variant.test, mode: mode)
      let metrics = try ensemble.metrics(of: variant.test)
      measures += [EvaluationResult.Measure](metrics, condition: variant.name)
      if classification == nil { classification = EvaluationResult.Classification(metrics) }
    }
    measures += [EvaluationResult.Measure](try clean.metrics(of: subject.test), condition: "clean")
    var result = EvaluationResult(self, of: subject, measures: measures)
    result.classification = classification
    result.selected_on_test = head.report == .best_on_test ? true : nil
    result.head = try clean.trained(self, on: subject.train)
    return result
  }

  /// Throws if a variant hides nothing from a side that is to be occluded.
  private func check(_ variant: EvaluationSubject.Variant) throws {
    guard case .object(let recipe) = variant.test.manifest.recipe,
      case .object(let occlusion)? = recipe["occlusion"]
    else {
      throw InputError(
        "the variant \(variant.name)", found: "a data set in which nothing was hidden",
        expected: "one that `skelprep occlude` made")
    }
    guard case .string(let part)? = occlusion["part"] else { return }
    let sides = learning == .occluded ? ["train", "test"] : ["test"]
    if sides != [part] {
      throw InputError(
        "the variant \(variant.name)", found: "hidden from the \(part) samples alone",
        expected: "from those of \(sides.joined(separator: " and "))",
        hint: learning == .occluded ? "run `skelprep occlude` without --part" : "or use train=clean")
    }
  }
}
