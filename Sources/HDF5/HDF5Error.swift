import CHDF5

/// A call of the HDF5 library failed, or a file holds something that this module refuses.
public struct HDF5Error: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done: `open the dataset /frames`.
  public let operation: String
  /// What went wrong, in the library's words or in ours.
  public let reason: String

  /// An error that this module found by itself.
  init(_ operation: String, reason: String) {
    self.operation = operation
    self.reason = reason
  }

  /// The error that the library just reported on this thread; the lock is held.
  init(_ operation: String) {
    let message = chdf5_last_message()
    let bytes = unsafe withUnsafeBytes(of: message.text) { unsafe Array($0.prefix { $0 != 0 }) }
    self.init(operation, reason: String(decoding: bytes, as: UTF8.self))
  }

  /// `cannot open the dataset /frames: no such object`.
  public var description: String { "cannot \(operation): \(reason)" }
}
