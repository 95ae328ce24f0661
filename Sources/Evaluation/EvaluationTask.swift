import Recipes
import Reporting

/// A downstream task: settings that can measure encoders. Every kind of `skeltrain evaluate` is one.
///
/// The recipe's kind is the command's name: `linear`, `retrieval`, `detection`.
public protocol EvaluationTask: RecipeSettings {
  /// Which encoder of a checkpoint is measured.
  var branch: FrozenEncoder.Branch { get }
  /// A number that is raised when the task changes what it measures.
  static var version: Int { get }

  /// Measures the subject's encoders.
  ///
  /// - Throws: an `InputError` if the data are not such as the task needs.
  func evaluate(_ subject: EvaluationSubject, mode: ProgressMode) throws -> EvaluationResult
}

/// The tasks that there are.
public enum EvaluationTasks {
  /// All tasks, in the order in which they are listed.
  public static let all: [any EvaluationTask.Type] = [
    LinearRecipe.self, FineTuneRecipe.self, SemiSupervisedRecipe.self, TransferRecipe.self,
    RetrievalRecipe.self, OccludedRecipe.self, DetectionRecipe.self, FewShotRecipe.self,
    RobustnessRecipe.self,
  ]

  /// The task of a kind, or nil.
  public static func named(_ kind: String) -> (any EvaluationTask.Type)? { all.first { $0.kind == kind } }
}
