import Batches
import Encoders
import NN
import Recipes
import Skeleton
import TensorCore

/// A method that has no loss of its own: the encoder learns from the recipe's `tasks` alone.
///
/// Source: the context-based family of "Self-supervised skeleton-based action representation learning: a benchmark and
/// beyond" (arXiv 2406.02978), section 2.2.1; each ``ContextTask`` names the paper that it is of.
public struct Context: PretrainingMethod {
  /// There is nothing to set.
  public struct Settings: MethodSettings {
    /// Nothing.
    public init() {}

    /// The method's name.
    public static let kind = "context"
    /// What it is.
    public static let summary = "No loss but those of the recipe's tasks."
    /// None.
    public static let settings: [Setting<Settings>] = []
  }

  /// None.
  public let terms: [String] = []

  /// An encoder with fresh parameters, `encoder_q.*`.
  public init(_ settings: Settings, _ build: MethodBuilder) throws {
    _ = build.encoder(build.root / "encoder_q")
  }

  /// Nothing; the tasks follow.
  public func step(_ batch: Batch, _ step: inout Step) {}
}

/// A method, and tasks that stand beside it: they ask the method's first encoder, and the losses add up.
struct MethodWithTasks: PretrainingMethod {
  typealias Settings = Context.Settings

  let method: any PretrainingMethod
  let tasks: [any ContextTask]

  /// Tasks beside a method that was made.
  ///
  /// - Throws: an `InputError` if the encoder is not such as a task needs.
  init(_ method: any PretrainingMethod, _ tasks: [Variant<ContextTaskFamily>], _ build: MethodBuilder) throws
  {
    self.method = method
    let first = build.encoders[0]
    let encoder = TaskEncoder(first.encoder, build.input, first.record.stream)
    self.tasks = try tasks.map { try ContextTaskFamily.make($0, build, encoder) }
  }

  init(_ settings: Context.Settings, _ build: MethodBuilder) throws {
    try self.init(Context(settings, build), [], build)
  }

  var terms: [String] { method.terms + tasks.flatMap { $0.terms } }
  var measures: [String] { method.measures + tasks.flatMap { $0.measures } }
  var fillingEpochs: Int { tasks.isEmpty ? method.fillingEpochs : 0 }

  func step(_ batch: Batch, _ step: inout Step) {
    method.step(batch, &step)
    for task in tasks where !step.isStopped { task.learn(from: batch, &step) }
  }

  func begin(epoch: Int, _ features: () throws -> Tensor) throws {
    try method.begin(epoch: epoch, features)
  }
}
