import Encoders
import NN

/// How many numbers a recipe's model has, without buffers and memory.
public struct ParameterCount: Codable, Sendable, Equatable {
  /// Those of one encoder, the one that evaluations look at.
  public var encoder: Int
  /// Those of the whole model, copies that only follow included.
  public var model: Int

  /// The numbers of a recipe's first stage; no memory is taken of them.
  ///
  /// - Throws: an `InputError` if the encoder is not such as the method needs.
  public init(_ recipe: PretrainRecipe) throws {
    let first = try recipe.resolvedStages().first?.recipe ?? recipe
    let store = ParameterStore(seed: 0) { _, _ in nil }
    let record = try LearningModel(first, store: store).records[0]
    model = Self.count(store)
    let alone = ParameterStore(seed: 0) { _, _ in nil }
    _ = record.encoder.encoder.encoder(alone.root / record.scope, record.input)
    encoder = Self.count(alone)
  }

  private static func count(_ store: ParameterStore) -> Int {
    let names = Set(store.parameters.map(\.name))
    return store.lacking.filter { names.contains($0.name) }.reduce(0) { $0 + $1.shape.reduce(1, *) }
  }
}
