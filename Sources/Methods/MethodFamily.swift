import Recipes
import Skeleton

/// The methods that there are. A new one is a file, a recipe and a line here.
public enum MethodFamily: SettingsFamily {
  /// What they are called.
  public static let name = "method"
  /// The settings of all of them; the first is PCM3++.
  public static let members: [any RecipeSettings.Type] = methods.map { settings($0) }

  static let methods: [any PretrainingMethod.Type] = [
    PCM3PlusPlus.self, CMD.self, SequenceAutoencoder.self, SkeletonCLR.self, AimCLR.self, CrosSCLR.self,
    SkeleMixCLR.self, PSTL.self, HYSP.self, Context.self, PredictCluster.self, HiCLR.self, ASCAL.self,
    HaLP.self, ISC.self, CPM.self, HiCo.self, UmURL.self, USDRL.self, EqContrast.self, NeighbourTuning.self,
    PCRP.self, MAMP.self, LatentTargets.self, Compact.self,
  ]

  private static func settings<Method: PretrainingMethod>(_ method: Method.Type) -> any RecipeSettings.Type {
    Method.Settings.self
  }

  /// The method of some settings, with fresh parts, and the tasks that stand beside it.
  ///
  /// - Throws: an `InputError` if the recipe's encoder is not such as they need.
  public static func make(
    _ settings: Variant<MethodFamily>, beside tasks: [Variant<ContextTaskFamily>] = [], _ build: MethodBuilder
  ) throws -> any PretrainingMethod {
    let method = try make(settings, build)
    return tasks.isEmpty ? method : try MethodWithTasks(method, tasks, build)
  }

  private static func make(
    _ settings: Variant<MethodFamily>, _ build: MethodBuilder
  ) throws -> any PretrainingMethod {
    func make<Method: PretrainingMethod>(_ method: Method.Type) throws -> (any PretrainingMethod)? {
      try (settings.settings as? Method.Settings).map { try Method($0, build) }
    }
    for method in methods {
      if let made = try make(method) { return made }
    }
    preconditionFailure("settings of \(settings.kind), which is in no list")
  }
}

extension Variant where Family == MethodFamily {
  /// Refuses settings that do not fit what stands around them.
  ///
  /// - Throws: an `InputError` that names the settings.
  public func check(_ around: MethodSurroundings, in file: String) throws {
    try settings.checkConsistency(in: file)
    try (settings as? any MethodSettings)?.check(around, in: file)
  }
}
