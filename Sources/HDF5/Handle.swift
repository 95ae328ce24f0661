import CHDF5

/// An HDF5 identifier with one owner, released when the owner goes away.
struct Handle: ~Copyable, Sendable {
  let id: hid_t
  private let release: @convention(c) @Sendable (hid_t) -> herr_t

  /// Takes what a call returned: `try Handle("open a dataset", H5Dopen2(…), release: H5Dclose)`.
  init(
    _ operation: String, _ id: hid_t, release: @escaping @convention(c) @Sendable (hid_t) -> herr_t
  ) throws(HDF5Error) {
    guard id >= 0 else { throw HDF5Error(operation) }
    self.id = id
    self.release = release
  }

  /// Releases the identifier now, and reports what the release had left to write.
  consuming func close(_ operation: String) throws(HDF5Error) {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    let status = release(id)
    discard self
    guard status >= 0 else { throw HDF5Error(operation) }
  }

  deinit {
    LibraryLock.enter()
    defer { LibraryLock.leave() }
    _ = release(id)
  }
}

/// Throws what the library reported if `status` says that a call failed.
func check(_ operation: @autoclosure () -> String, _ status: herr_t) throws(HDF5Error) {
  guard status >= 0 else { throw HDF5Error(operation()) }
}

/// The library's default property list.
let defaultList: hid_t = 0
