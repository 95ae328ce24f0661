import CHDF5
import Foundation

/// The one lock around the HDF5 library.
///
/// The library keeps global state, and only some of its builds protect it, so every call is made between `enter`
/// and `leave`, by the public functions of this module. The lock is recursive: a handle released inside such a
/// function takes it again.
enum LibraryLock {
  private static let lock = NSRecursiveLock()
  private static let started = chdf5_start() >= 0

  /// Waits for the library to be free, and takes it.
  static func enter() {
    lock.lock()
    precondition(started, "the HDF5 library does not start")
    chdf5_quiet()
  }

  /// Gives the library back.
  static func leave() {
    lock.unlock()
  }
}
