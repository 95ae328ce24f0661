import Skeleton
import TensorCore

/// A place in a model: where a layer's parameters are kept, and what their names start with.
public struct Scope {
  /// Where the parameters are kept.
  public let store: ParameterStore
  /// What their names start with, without the last dot.
  public let path: String
  /// The path by which first values are drawn: another place's where this one is to start as that one does.
  private let drawn: String

  /// A place of a store; `ParameterStore.root` for its start.
  public init(store: ParameterStore, path: String) { self.init(store: store, path: path, drawn: path) }

  private init(store: ParameterStore, path: String, drawn: String) {
    (self.store, self.path, self.drawn) = (store, path, drawn)
  }

  /// The place `name` within `scope`.
  public static func / (scope: Scope, name: String) -> Scope {
    Scope(store: scope.store, path: joined(scope.path, name), drawn: joined(scope.drawn, name))
  }

  /// This place, with parameters whose first values are those of the parameters that are called alike in `other`.
  public func starting(as other: Scope) -> Scope { Scope(store: store, path: path, drawn: other.drawn) }

  /// A new parameter of this place.
  public func parameter(
    _ name: String, shape: [Int], initialise: (inout KeyedRandom, [Int]) -> [Float]
  ) -> Parameter {
    store.parameter(
      Self.joined(path, name), drawnAs: Self.joined(drawn, name), shape: shape, initialise: initialise)
  }

  /// A new buffer of this place.
  public func buffer(_ name: String, shape: [Int], value: Float, number: Parameter.Number = .real)
    -> Parameter
  {
    store.buffer(Self.joined(path, name), shape: shape, value: value, number: number)
  }

  /// Something of this place that a method remembers, and what it is at the start.
  public func memory(_ name: String, number: Parameter.Number = .real, start: () -> Tensor) -> Parameter {
    store.memory(Self.joined(path, name), number: number, start: start)
  }

  /// A new buffer of this place whose value is more than one number.
  public func buffer(_ name: String, shape: [Int], value: @autoclosure () -> Tensor) -> Parameter {
    store.buffer(Self.joined(path, name), shape: shape, value: value())
  }

  private static func joined(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }
}
