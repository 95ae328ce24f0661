import Skeleton

/// A place in a model: where a layer's parameters are kept, and what their names start with.
public struct Scope {
  /// Where the parameters are kept.
  public let store: ParameterStore
  /// What their names start with, without the last dot.
  public let path: String

  /// A place of a store; `ParameterStore.root` for its start.
  public init(store: ParameterStore, path: String) {
    self.store = store
    self.path = path
  }

  /// The place `name` within `scope`.
  public static func / (scope: Scope, name: String) -> Scope {
    Scope(store: scope.store, path: scope.name(name))
  }

  /// A new parameter of this place.
  public func parameter(
    _ name: String, shape: [Int], initialise: (inout KeyedRandom, [Int]) -> [Float]
  ) -> Parameter {
    store.parameter(self.name(name), shape: shape, initialise: initialise)
  }

  /// A new buffer of this place.
  public func buffer(_ name: String, shape: [Int], value: Float) -> Parameter {
    store.buffer(self.name(name), shape: shape, value: value)
  }

  private func name(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
