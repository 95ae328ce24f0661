/// A call of the HDF5 library that failed, or a file that is not what it should be.
public struct HDF5Error: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was to be done: `open the dataset /frames`.
  public let operation: String
  /// Why it could not be done; empty when the library does not say.
  public let reason: String

  /// An operation that failed.
  public init(_ operation: String, _ reason: String = "") {
    self.operation = operation
    self.reason = reason
  }

  /// `cannot open the dataset /frames: reason`.
  public var description: String { "cannot \(operation)" + (reason.isEmpty ? "" : ": \(reason)") }
}
