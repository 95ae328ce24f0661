import Foundation
import Reporting
import Shards
import Skeleton

/// Runs the stages of a recipe in order: convert, split, occlude, verify.
///
/// What is there already and would be made the same is skipped; what was interrupted goes on.
public struct PreparationRun: Sendable {
  private let recipe: PrepareRecipe
  private let jobs: Int
  private let progress: ProgressMode

  /// A run that has not begun.
  public init(_ recipe: PrepareRecipe, jobs: Int = 1, progress: ProgressMode = .none) {
    self.recipe = recipe
    self.jobs = jobs
    self.progress = progress
  }

  /// What became of a stage.
  public struct Stage: Sendable {
    /// `split xview`.
    public let name: String
    /// Whether nothing had to be done.
    public let wasDone: Bool
    /// The result in a few lines.
    public let summary: String
  }

  /// Runs all stages.
  ///
  /// - Parameter report: is given each stage as soon as it is over.
  /// - Throws: what the stages throw; those before stay done.
  public func run(report: (Stage) -> Void) throws {
    try recipe.checkConsistency(in: "the recipe")
    let outcome = try Pipeline(try recipe.conversion(jobs: jobs), progress: progress).run()
    report(Stage(name: "convert", wasDone: outcome.wasDone, summary: outcome.summary))
    for scheme in recipe.splits { report(try split(scheme)) }
    for (kind, variant) in recipe.variants { report(try occlude(kind, variant)) }
    guard recipe.verify else { return }
    report(try verify("data", recipe.output, parent: nil))
    for (kind, variant) in recipe.variants {
      report(try verify(kind.rawValue, variant.output, parent: recipe.output))
    }
  }

  /// Reads everything again; that is never skipped, since files can change by themselves.
  private func verify(_ name: String, _ path: String, parent: String?) throws -> Stage {
    let verification = try Verification(path, parent: parent, jobs: jobs, progress: progress)
    guard verification.faults.isEmpty else {
      throw InputError(path, found: "a data set that is not as it should be\n\(verification)")
    }
    return Stage(name: "verify \(name)", wasDone: false, summary: "\(verification)")
  }

  private func split(_ scheme: EvaluationProtocol) throws -> Stage {
    let file = Split.url(scheme.rawValue, in: URL(fileURLWithPath: recipe.output, isDirectory: true))
    let before = try? Disk.read(file)
    let splitting = try Splitting.write(protocol: scheme, in: recipe.output)
    let after = try? Disk.read(file)
    return Stage(
      name: "split \(scheme.rawValue)", wasDone: before != nil && before == after, summary: splitting.summary)
  }

  private func occlude(_ kind: Occlusion.Kind, _ variant: PrepareRecipe.Variant) throws -> Stage {
    let occlusion = Occlusion(
      kind: kind, ratio: try Occlusion.Ratio(variant.ratio.lowerBound, variant.ratio.upperBound),
      seed: UInt64(variant.seed))
    let outcome = try OcclusionVariant(
      occlusion, of: (variant.split.rawValue, variant.part), compression: recipe.compression, jobs: jobs
    ).write(of: recipe.output, to: variant.output, progress: progress)
    return Stage(name: "occlude \(kind.rawValue)", wasDone: outcome.wasDone, summary: outcome.summary)
  }
}
