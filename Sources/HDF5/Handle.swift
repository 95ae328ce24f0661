import CHDF5
import Foundation

/// The HDF5 library keeps global state, and not every build of it locks; all calls go through this lock.
enum HDF5Library {
  private static let lock = NSRecursiveLock()

  /// Makes a call with the lock held and the library's own error printing off, which is a setting of the thread.
  static func call<Result>(_ body: () throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    _ = H5Eset_auto2(chdf5_error_default(), nil, nil)
    return try body()
  }

  /// Makes a call that answers with a status below 0 when it failed.
  static func check(_ operation: @autoclosure () -> String, _ status: @autoclosure () -> Int32) throws(HDF5Error) {
    if call(status) < 0 { throw HDF5Error(operation()) }
  }
}

/// An HDF5 identifier with one owner, released when the owner goes away.
struct Handle: ~Copyable {
  let id: hid_t
  private let release: @convention(c) (hid_t) -> herr_t

  /// The identifier that a call gave; throws if it gave none.
  init(
    _ operation: @autoclosure () -> String, _ id: @autoclosure () -> hid_t,
    release: @escaping @convention(c) (hid_t) -> herr_t
  ) throws(HDF5Error) {
    self.release = release
    self.id = HDF5Library.call(id)
    guard self.id >= 0 else { throw HDF5Error(operation()) }
  }

  /// Releases the identifier now, and reports what the release had left to write.
  consuming func close(_ operation: @autoclosure () -> String) throws(HDF5Error) {
    let (id, release) = (self.id, self.release)
    discard self
    if HDF5Library.call({ release(id) }) < 0 { throw HDF5Error(operation()) }
  }

  deinit {
    let (id, release) = (self.id, self.release)
    _ = HDF5Library.call { release(id) }
  }
}
