import Batches
import NN
import Recipes
import Skeleton
import TensorCore

/// A question about a clip whose answer is known without labels: from which side it is seen, in what order its parts are.
///
/// One file a task. Its views come from the ``MethodBuilder``, its parameters are below the scope that it is given, and
/// it reads the encoder of the method that it stands beside, or of ``Context``.
public protocol ContextTask: SendableMetatype {
  /// Its settings, whose kind is the task's name.
  associatedtype Settings: ContextTaskSettings
  /// The names of its terms in the log; each begins with the task's name.
  var terms: [String] { get }
  /// The names of what it measures beside, `accuracy_` or `chance_` and the name of the term that they are of.
  var measures: [String] { get }
  /// A task with fresh heads.
  ///
  /// - Throws: an `InputError` if the encoder is not such as it needs.
  init(_ settings: Settings, _ scope: Scope, _ build: MethodBuilder, _ encoder: TaskEncoder) throws
  /// Learns from a batch, and measures how well it was answered.
  func learn(from batch: Batch, _ step: inout Step)
}

extension ContextTask {
  /// The accuracy and the chance level of each term.
  public var measures: [String] { terms.flatMap { ["accuracy_\($0)", "chance_\($0)"] } }
}

/// The settings of a task, which is what recipes name.
public protocol ContextTaskSettings: RecipeSettings {
  /// What its loss is multiplied by.
  var weight: Float { get set }
  /// Whether the encoder learns not to know the answer: constant features are then an answer to everything.
  var isReversed: Bool { get }
  /// Whether the answer is the camera that a sample was recorded by.
  var asksForCamera: Bool { get }
  /// Refuses what does not fit what stands around it in the recipe.
  ///
  /// - Throws: an `InputError` that names the settings.
  func check(_ around: MethodSurroundings, in file: String) throws
}

extension ContextTaskSettings {
  /// Nothing is reversed.
  public var isReversed: Bool { false }
  /// It is not.
  public var asksForCamera: Bool { false }
  /// Everything fits.
  public func check(_ around: MethodSurroundings, in file: String) throws {}

  /// The setting that all tasks have.
  static var weightSetting: Setting<Self> {
    .number("weight", \.weight, 0...1000, "what the task's loss is multiplied by")
  }
}

/// The tasks that there are. A new one is a file and a line here.
public enum ContextTaskFamily: SettingsFamily {
  /// What they are called.
  public static let name = "task"
  /// The settings of all of them.
  public static let members: [any RecipeSettings.Type] = tasks.map { settings($0) }

  static let tasks: [any ContextTask.Type] = [
    ViewTask.self, RotationTask.self, ViewContrastTask.self, OrderTask.self, EquivariantTask.self,
    DirectionTask.self, PriorTask.self,
    DisplacementTask.self, JigsawTask.self,
  ]

  private static func settings<Task: ContextTask>(_ task: Task.Type) -> any RecipeSettings.Type {
    Task.Settings.self
  }

  /// The task of some settings, with fresh heads below `task.KIND`.
  public static func make(
    _ settings: Variant<ContextTaskFamily>, _ build: MethodBuilder, _ encoder: TaskEncoder
  ) throws -> any ContextTask {
    func make<Task: ContextTask>(_ task: Task.Type) throws -> (any ContextTask)? {
      try (settings.settings as? Task.Settings).map {
        try Task($0, build.root / "task" / settings.kind, build, encoder)
      }
    }
    for task in tasks {
      if let made = try make(task) { return made }
    }
    preconditionFailure("settings of \(settings.kind), which is in no list")
  }
}

extension Variant where Family == ContextTaskFamily {
  /// The settings, as those of a task.
  public var task: any ContextTaskSettings {
    guard let settings = settings as? any ContextTaskSettings else {
      preconditionFailure("\(kind) is in the list of tasks and is none")
    }
    return settings
  }
}

extension [Variant<ContextTaskFamily>] {
  /// Refuses a task that is there twice, and what does not fit what stands around the tasks.
  ///
  /// - Throws: an `InputError` that names the settings.
  public func check(_ around: MethodSurroundings, in file: String) throws {
    for (index, task) in enumerated() {
      guard !prefix(index).contains(where: { $0.kind == task.kind }) else {
        throw InputError(
          file, at: "tasks", found: "\(task.kind) twice", expected: "each task at most once")
      }
      try task.task.check(around, in: file)
    }
  }
}
