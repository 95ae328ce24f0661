import Foundation
import Glibc
import Skeleton

/// A file too large for memory that is there in full or not at all: `AtomicFile` for bytes that come in pieces.
///
/// The bytes go into `<name>.partial`, at any place and in any order; `publish()` syncs and renames it. An owner that
/// goes away before has its partial file removed; what a killed program left is overwritten by the next one.
public final class StreamedFile {
  private let url: URL
  private let descriptor: Int32
  private var isPublished = false

  private var partial: String { url.path + ".partial" }

  /// Begins a file. Its folder is made if it is missing.
  ///
  /// - Throws: `InputError`, of the kind `busy` if another program is writing the same file.
  public init(_ url: URL) throws {
    self.url = url
    let folder = url.deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw InputError(
        folder.path, found: "cannot be made (\(error.localizedDescription))", kind: .cannotCreate)
    }
    let path = url.path + ".partial"
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
    let file = unsafe open(path, flags, 0o644)
    guard file >= 0 else { throw StreamedFile.failure(path, kind: .cannotCreate) }
    // The kernel gives the lock up however its holder ends. File systems without locks do without.
    if flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      _ = close(file)
      throw InputError(path, found: "another program is writing this file", kind: .busy)
    }
    guard ftruncate(file, 0) == 0 else {
      _ = close(file)
      throw StreamedFile.failure(path, kind: .cannotCreate)
    }
    descriptor = file
  }

  deinit {
    _ = close(descriptor)
    if !isPublished { _ = unsafe unlink(partial) }
  }

  /// Puts bytes at a place of the file.
  public func write(_ bytes: [UInt8], at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(
          descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset + done))
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw StreamedFile.failure(partial, kind: .inputOutput) }
      done += written
    }
  }

  /// Waits until the bytes are on the disk, so that what can go wrong has gone wrong before anything is renamed.
  public func sync() throws {
    while fsync(descriptor) != 0 {
      if errno != EINTR { throw StreamedFile.failure(partial, kind: .inputOutput) }
    }
  }

  /// Gives the file its name, in place of an older one.
  public func publish() throws {
    try sync()
    guard unsafe rename(partial, url.path) == 0 else {
      throw StreamedFile.failure(url.path, kind: .inputOutput)
    }
    isPublished = true
    let folder = unsafe open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw StreamedFile.failure(url.path, kind: .inputOutput) }
    defer { _ = close(folder) }
    // Some network file systems cannot sync a folder; the file itself has been synced.
    if fsync(folder) != 0 && errno != EINVAL && errno != ENOTSUP {
      throw StreamedFile.failure(url.path, kind: .inputOutput)
    }
  }

  /// What `errno` says.
  private static func failure(_ path: String, kind: InputError.Kind) -> InputError {
    let reason = errno
    let isFull = reason == ENOSPC || reason == EDQUOT || reason == EFBIG
    return InputError(
      path, found: unsafe String(cString: strerror(reason)).lowercased(),
      hint: isFull ? "make room and run the same command again" : "", kind: isFull ? .inputOutput : kind)
  }
}
