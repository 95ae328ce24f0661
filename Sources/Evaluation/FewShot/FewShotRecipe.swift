import Encoders
import Recipes
import Skeleton

/// The settings of few-shot evaluation. The paper leaves all but ways, shots and classes open.
public struct FewShotRecipe: RecipeSettings {
  /// The classes that episodes are drawn from, where the split has no episodes.
  public enum Classes: String, CaseIterable, Sendable {
    /// All classes of the test side.
    case all
    /// The 23 novel classes of NTU RGB+D 120 that PCM3++ lists.
    case paper23
    /// The first 20 of them: the paper's text speaks of 20 and does not say which.
    case paper20

    /// The labels, from 0; nil for all that are there.
    var labels: [Int]? {
      switch self {
      case .all: nil
      case .paper23: NovelClasses.fewShotLabels
      case .paper20: NovelClasses.firstFewShotLabels
      }
    }
  }

  /// The seed of the episodes, where the split has none.
  public var seed = 1
  /// Which branch of the checkpoint is evaluated.
  public var branch = FrozenEncoder.Branch.query
  /// The classes that episodes are drawn from.
  public var classes = Classes.all
  /// Classes in an episode.
  public var ways = 5
  /// Samples of each class that are learned from.
  public var shots = 1
  /// Samples of each class that are measured.
  public var queries = 15
  /// Episodes.
  public var episodes = 1000
  /// What errors cost the support vector machine and the logistic regression.
  public var cost: Float = 1
  /// Whether features are divided by their lengths.
  public var normalizes = true

  /// Five ways, one shot.
  public init() {}

  /// The recipe's kind.
  public static let kind = "fewshot"
  /// What the recipe is for.
  public static let summary =
    "Few-shot: small tasks over novel classes, each learned from a few frozen features and measured on others."

  /// All settings with their ranges.
  public static let settings: [Setting<FewShotRecipe>] = [
    .integer("seed", \.seed, 0...Int(Int32.max), "the seed of the episodes; a few-shot split has its own"),
    .choice("branch", \.branch, "which encoder of the checkpoint: the trained one or its moving average"),
    .choice(
      "episodes.classes", \.classes,
      "classes of drawn episodes: all of the test side, the 23 of NTU120 that the paper lists, or the first 20 of them"
    ),
    .integer("episodes.count", \.episodes, 1...100_000, "episodes that are drawn where the split has none"),
    .integer("episodes.ways", \.ways, 2...1000, "classes in a drawn episode"),
    .integer("episodes.shots", \.shots, 1...1000, "samples of each class that are learned from"),
    .integer("episodes.queries", \.queries, 1...1000, "samples of each class that are measured"),
    .number("cost", \.cost, 1e-6...1e6, "C of the support vector machine and the logistic regression"),
    .flag("normalize", \.normalizes, "whether features are divided by their lengths"),
  ]

  /// Every combination is sensible.
  public func checkConsistency(in file: String) throws {}
}
