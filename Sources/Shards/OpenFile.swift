import Foundation
import Glibc
import Skeleton

/// A regular file that is open for reading, links to it followed, of which pieces are read.
public final class OpenFile: Sendable {
  private let descriptor: Int32
  private let path: String
  /// Bytes of the file when it was opened.
  public let size: Int

  /// Opens a file; anything but a regular one is refused, and never waited for.
  ///
  /// - Throws: `InputError`, of the kind `noInput` if nothing is there.
  public init(_ url: URL) throws {
    path = url.path
    descriptor = try Disk.openForReading(path)
    do { size = try Disk.size(of: descriptor, path) } catch {
      _ = close(descriptor)
      throw error
    }
  }

  deinit { _ = close(descriptor) }

  /// As many bytes from a place on, or as many as there are.
  public func bytes(at offset: Int, _ count: Int) throws -> Data {
    try Disk.bytes(of: descriptor, at: offset, count, path)
  }
}
