import Foundation
import Skeleton

/// Files that appear whole or not at all.
public enum AtomicFile {
  /// Writes bytes under another name beside the file, syncs, renames, and syncs the folder.
  ///
  /// - Throws: an `InputError` with the system's reason, such as a full disk; the file under the other name is gone.
  public static func write(_ data: Data, to url: URL) throws {
    let partial = url.path + ".partial"
    let descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw failure(url, "cannot be created") }
    do {
      defer { close(descriptor) }
      var written = 0
      try unsafe data.withUnsafeBytes { bytes in
        while written < bytes.count {
          let count = unsafe Foundation.write(
            descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { throw failure(url, "cannot be written") }
          written += count
        }
      }
      guard fsync(descriptor) == 0 else { throw failure(url, "cannot be synced") }
      guard unsafe rename(partial, url.path) == 0 else { throw failure(url, "cannot be renamed") }
    } catch {
      unsafe unlink(partial)
      throw error
    }
    syncFolder(url.deletingLastPathComponent())
  }

  /// Makes the names in a folder durable. Some network file systems cannot; then their own rules hold.
  static func syncFolder(_ url: URL) {
    let descriptor = unsafe open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ url: URL, _ what: String) -> InputError {
    let reason = unsafe String(cString: strerror(errno))
    let hint =
      switch errno {
      case ENOSPC, EDQUOT: "make space and run the same command again; finished parts are kept"
      case EACCES, EPERM, EROFS: "choose a folder that can be written"
      default: ""
      }
    return InputError(url.path, found: "\(what): \(reason)", hint: hint)
  }
}
