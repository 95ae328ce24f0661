import Skeleton
import TensorCore

/// All parameters of a model, in the order in which its layers were made.
public final class ParameterStore {
  /// What the first values are drawn from; each parameter's numbers depend on this and its name alone.
  public let seed: UInt64
  /// What a parameter's or buffer's values are taken from instead of being drawn; nil where there are none of that shape.
  private let given: ((_ name: String, _ shape: [Int]) -> [Float]?)?
  /// The parameters that were not given, of which nothing was made but an empty tensor.
  public private(set) var lacking: [(name: String, shape: [Int])] = []
  private var ordered: [Parameter] = []
  private var indices: [String: Int] = [:]

  /// A store without parameters.
  public init(seed: UInt64) {
    self.seed = seed
    given = nil
  }

  /// A store for a model whose numbers exist: nothing is drawn, and of what is not given no memory is taken, however
  /// large the model says that it is.
  ///
  /// The model is of no use before ``lacking`` has been found empty.
  ///
  /// - Parameter given: the values of a name and shape; nil if there are none.
  public init(seed: UInt64, given: @escaping (_ name: String, _ shape: [Int]) -> [Float]?) {
    self.seed = seed
    self.given = given
  }

  /// The scope that the names of a model start from.
  public var root: Scope { Scope(store: self, path: "") }

  /// All parameters and buffers in order, without memory: what a checkpoint has.
  public var all: [Parameter] { ordered.filter { $0.role != .memory } }

  /// The parameters, without buffers, in order.
  public var parameters: [Parameter] { ordered.filter { $0.role == .weight } }

  /// The buffers in order.
  public var buffers: [Parameter] { ordered.filter { $0.role == .statistic } }

  /// What a method remembers, in order.
  public var memory: [Parameter] { ordered.filter { $0.role == .memory } }

  /// The names of parameters and buffers in order.
  public var names: [String] { all.map(\.name) }

  /// The parameter, buffer or memory of that name.
  public subscript(name: String) -> Parameter? { indices[name].map { ordered[$0] } }

  /// A new parameter, its first values drawn by `initialise` from a generator of its own, or from that of the parameter
  /// whose name is `drawnAs`.
  public func parameter(
    _ name: String, drawnAs: String? = nil, shape: [Int],
    initialise: (inout KeyedRandom, [Int]) -> [Float]
  ) -> Parameter {
    if let given { return add(name, given(name, shape), shape: shape, .weight) }
    var random = KeyedRandom(seed: seed, sample: drawnAs ?? name, view: "parameter")
    return add(
      Parameter(name: name, value: Tensor(initialise(&random, shape), shape: shape), role: .weight))
  }

  /// A new buffer, filled with one number.
  public func buffer(_ name: String, shape: [Int], value: Float, number: Parameter.Number = .real)
    -> Parameter
  {
    buffer(
      name, shape: shape, number: number,
      value: Tensor([Float](repeating: value, count: shape.reduce(1, *)), shape: shape))
  }

  /// A new buffer of this value, which is made where nothing else was given.
  public func buffer(
    _ name: String, shape: [Int], number: Parameter.Number = .real, value: @autoclosure () -> Tensor
  ) -> Parameter {
    if let given { return add(name, given(name, shape), shape: shape, .statistic, number) }
    return add(Parameter(name: name, value: value(), role: .statistic, number: number))
  }

  /// Something that a method remembers, and what it is at the start. A model whose numbers are given remembers nothing.
  public func memory(_ name: String, number: Parameter.Number = .real, start: () -> Tensor) -> Parameter {
    let value = given == nil ? start() : Tensor([], shape: [0])
    return add(Parameter(name: name, value: value, role: .memory, number: number))
  }

  private func add(
    _ name: String, _ values: [Float]?, shape: [Int], _ role: Parameter.Role,
    _ number: Parameter.Number = .real
  ) -> Parameter {
    if values == nil { lacking.append((name, shape)) }
    let value = values.map { Tensor($0, shape: shape) } ?? Tensor([], shape: [0])
    return add(Parameter(name: name, value: value, role: role, number: number))
  }

  private func add(_ parameter: Parameter) -> Parameter {
    precondition(indices[parameter.name] == nil, "two parameters are called \(parameter.name)")
    indices[parameter.name] = ordered.count
    ordered.append(parameter)
    return parameter
  }
}
