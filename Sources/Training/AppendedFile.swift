import Foundation
import Glibc
import Shards
import Skeleton

/// A file of a run that is written on at its end: a log.
///
/// Errors name the file and the system's reason.
final class AppendedFile {
  private let path: String
  private let descriptor: Int32

  /// Opens a file, which is made if it is missing, to write on behind what it has.
  ///
  /// - Parameter count: bytes of it that stay; nil for all.
  /// - Throws: an `InputError` if it cannot be written, or is a link to something else.
  init(_ url: URL, keeping count: Int? = nil) throws {
    path = url.path
    descriptor = try Disk.openOwn(url)
    if let count { try check(Disk.repeated { ftruncate(descriptor, off_t(count)) }) }
    try check(Disk.repeated { lseek(descriptor, 0, SEEK_END) })
  }

  deinit { _ = close(descriptor) }

  /// Writes all of the bytes behind what there is.
  func append(_ data: Data) throws { try Disk.write(data, to: descriptor, path) }

  /// Waits until all is on the disk.
  func synchronize() throws { try check(Disk.repeated { fsync(descriptor) }) }

  private func check(_ status: some SignedInteger) throws {
    if status < 0 { throw Disk.failure(path, doing: "cannot be written") }
  }
}
