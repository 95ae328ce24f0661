import Foundation
import Glibc
import Skeleton

/// Files that are there in full or not at all.
public enum AtomicFile {
  /// Writes `<name>.partial`, syncs it, renames it, and syncs the folder, which is made if it is missing.
  ///
  /// A reader sees the old file or the new one, whatever happens; after a return the new one survives a loss of
  /// power. Every step is checked. On failure the partial file is removed.
  ///
  /// - Throws: `InputError` that names the file: `no space left on device`.
  public static func write(_ data: Data, to url: URL) throws {
    let folder = url.deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw InputError(
        folder.path, found: "cannot be made (\(error.localizedDescription))", kind: .cannotCreate)
    }
    let partial = url.path + ".partial"
    do {
      try writeAndSync(data, to: partial)
      try check(url.path, unsafe rename(partial, url.path))
    } catch {
      _ = unsafe unlink(partial)
      throw error
    }
    try sync(folder: folder.path)
  }

  private static func writeAndSync(_ data: Data, to path: String) throws {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    try check(path, file)
    do {
      var done = 0
      while done < data.count {
        let written = unsafe data.withUnsafeBytes { bytes in
          unsafe Glibc.write(file, bytes.baseAddress?.advanced(by: done), bytes.count - done)
        }
        if written < 0 && errno == EINTR { continue }
        try check(path, Int32(clamping: written))
        done += written
      }
      try check(path, fsync(file))
    } catch {
      _ = close(file)
      throw error
    }
    try check(path, close(file))
  }

  private static func sync(folder: String) throws {
    let opened = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try check(folder, opened)
    let status = fsync(opened)
    let reason = errno
    _ = close(opened)
    // Some network file systems cannot sync a folder; the file itself has been synced.
    if status < 0 && reason != EINVAL && reason != ENOTSUP {
      errno = reason
      try check(folder, status)
    }
  }

  /// Throws what `errno` says if the status is less than 0.
  private static func check(_ path: String, _ status: Int32) throws {
    guard status < 0 else { return }
    let reason = errno
    let full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG
    throw InputError(
      path, found: unsafe String(cString: strerror(reason)).lowercased(),
      hint: full ? "make room and run the same command again; what is finished is kept" : "",
      kind: .inputOutput)
  }
}
