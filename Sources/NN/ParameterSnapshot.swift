import TensorCore

/// What parameters were at a moment, to go back to.
///
/// Nothing is copied: tensors do not change, so what a parameter is given later stands beside what it was, in memory
/// too, for as long as the snapshot lives.
public struct ParameterSnapshot {
  private let values: [(parameter: Parameter, value: Tensor)]

  /// The parameters as they are now.
  public init(_ parameters: [Parameter]) { values = parameters.map { ($0, $0.value) } }

  /// Makes all of them what they were.
  public func restore() {
    for (parameter, value) in values { parameter.value = value }
  }
}
