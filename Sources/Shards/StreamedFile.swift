import Foundation
import Glibc
import Skeleton

/// A file too large for memory that is there in full or not at all: `AtomicFile` for bytes that come in pieces.
///
/// The bytes go into `<name>.partial`, at any place and in any order; `publish()` syncs and renames it. An owner that
/// goes away before has its partial file removed; what a killed program left is overwritten by the next one.
public final class StreamedFile {
  private let url: URL
  /// The open folder, whatever its path may come to mean.
  private let folder: Int32
  private let partial: Partial
  private let descriptor: Int32
  private var isPublished = false

  /// Begins a file. Its folder is made if it is missing.
  ///
  /// - Throws: `InputError`, of the kind `busy` if another program is writing the same file.
  public init(_ url: URL) throws {
    self.url = url
    let path = url.deletingLastPathComponent()
    try Disk.makeFolder(path)
    let opened = Disk.repeated { unsafe open(path.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard opened >= 0 else { throw Disk.failure(path.path, kind: .cannotCreate) }
    folder = opened
    partial = Partial(
      folder: opened, name: url.lastPathComponent + ".partial", path: url.path + ".partial")
    do {
      descriptor = try partial.open()
    } catch {
      _ = close(opened)
      throw error
    }
  }

  deinit {
    // Published bytes are on the disk, so that closing has nothing to report.
    _ = close(descriptor)
    if !isPublished { _ = unsafe unlinkat(folder, partial.name, 0) }
    _ = close(folder)
  }

  /// Puts bytes at a place of the file.
  public func write(_ bytes: [UInt8], at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        Disk.repeated {
          unsafe pwrite(
            descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset + done))
        }
      }
      guard written > 0 else { throw Disk.failure(partial.path) }
      done += written
    }
  }

  /// Waits until the bytes are on the disk, so that what can go wrong has gone wrong before anything is renamed.
  public func sync() throws {
    if Disk.repeated({ fsync(descriptor) }) != 0 { throw Disk.failure(partial.path) }
  }

  /// Gives the file its name, in place of an older one.
  public func publish() throws {
    try sync()
    let status = Disk.repeated { unsafe renameat(folder, partial.name, folder, url.lastPathComponent) }
    if status != 0 { throw Disk.failure(url.path) }
    isPublished = true
    try Disk.sync(folder, folder: url.deletingLastPathComponent().path)
  }
}
