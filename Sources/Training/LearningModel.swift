import Batches
import Encoders
import Methods
import NN
import Skeleton
import TensorCore

/// A method with its parts, as a stage of a run has it.
public struct LearningModel {
  /// The method.
  public let method: any PretrainingMethod
  /// Parameters, statistics and memory.
  public let store: ParameterStore
  /// What is made of every batch.
  public let views: ViewPlan
  /// What evaluations have to know of its encoders.
  public let records: [EncoderRecord]
  private let encoder: (any SkeletonEncoder)?

  /// A recipe's method with fresh parameters drawn from a seed.
  ///
  /// - Throws: an `InputError` if the encoder is not such as the method needs.
  public init(_ recipe: PretrainRecipe, seed: UInt64) throws {
    try self.init(recipe, store: ParameterStore(seed: seed))
  }

  /// A recipe's method in a store.
  init(_ recipe: PretrainRecipe, store: ParameterStore) throws {
    let build = MethodBuilder(recipe.around, store: store)
    method = try MethodFamily.make(recipe.method, beside: recipe.tasks, build)
    (self.store, views) = (store, build.views)
    records = build.encoders.map(\.record)
    encoder = build.encoders.first?.encoder
  }

  /// The features of clips by the first encoder, (N, D), as evaluations compute them.
  func features(_ x: Clips) -> Tensor {
    guard let encoder else { preconditionFailure("a method without an encoder") }
    return encoder(x, .evaluation).detached()
  }

  /// Takes over what another one has under the same names.
  ///
  /// - Parameters:
  ///   - renamed: scopes that start as what another scope was.
  ///   - keepsMemory: whether queues and other memory are taken over too.
  func takeOver(_ other: LearningModel, renamed: [(to: String, from: String)] = [], keepsMemory: Bool = true)
  {
    for parameter in store.all + (keepsMemory ? store.memory : []) {
      let source = renamed.first { parameter.name.hasPrefix($0.to + ".") }
      let name = source.map { $0.from + parameter.name.dropFirst($0.to.count) } ?? parameter.name
      guard let value = other.store[name]?.value, value.shape == parameter.value.shape else { continue }
      parameter.value = value
    }
  }
}

extension PretrainRecipe {
  /// What evaluations have to know of the recipe's encoders; nothing is drawn.
  ///
  /// - Throws: an `InputError` if the encoder is not such as the method needs.
  public func encoderRecords() throws -> [EncoderRecord] {
    // Evaluations are of the last stage's encoders.
    try (resolvedStages().last?.recipe ?? self).ownRecords()
  }

  /// The same of a recipe without further stages.
  func ownRecords() throws -> [EncoderRecord] {
    try LearningModel(self, store: ParameterStore(seed: UInt64(seed)) { _, _ in nil }).records
  }
}
