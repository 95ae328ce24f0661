import Foundation
import Glibc
import Skeleton

/// Files that are there in full or not at all.
public enum AtomicFile {
  /// Writes `<name>.partial`, syncs it, renames it, and syncs the folder, which is made if it is missing.
  ///
  /// A reader sees the old file or the new one, whatever happens; after a return the new one survives a loss of
  /// power. Every step is checked. On failure the partial file is removed. What stands in the partial file's place
  /// is never written to unless it is a plain file with this one name: a link, a pipe or a device is removed.
  ///
  /// - Parameter isSynced: whether to wait for the disk; without it a loss of power may lose or shorten the file.
  /// - Throws: `InputError` that names the file: `no space left on device`; of the kind `busy` if another program is
  ///   writing the same file.
  public static func write(_ data: Data, to url: URL, isSynced: Bool = true) throws {
    let folder = url.deletingLastPathComponent()
    try Disk.makeFolder(folder)
    let opened = Disk.repeated { unsafe open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard opened >= 0 else { throw Disk.failure(folder.path, kind: .cannotCreate) }
    defer { _ = close(opened) }
    // From here on the folder is the open one, whatever its path may come to mean.
    let partial = Partial(
      folder: opened, name: url.lastPathComponent + ".partial", path: url.path + ".partial")
    let file = try partial.open()
    do {
      defer { _ = close(file) }  // The bytes are on the disk by then, so that closing has nothing to report.
      try Disk.write(data, to: file, partial.path)
      if isSynced && Disk.repeated({ fsync(file) }) != 0 { throw Disk.failure(partial.path) }
      let status = Disk.repeated {
        unsafe renameat(opened, partial.name, opened, url.lastPathComponent)
      }
      if status != 0 { throw Disk.failure(url.path) }
    } catch {
      _ = unsafe unlinkat(opened, partial.name, 0)
      throw error
    }
    if isSynced { try Disk.sync(opened, folder: folder.path) }
  }
}

/// The file that becomes another one when it is complete.
struct Partial {
  let folder: Int32
  let name: String
  let path: String

  /// How often what stands in the way is removed before that is given up.
  private static let attempts = 100

  /// Makes the file, or takes over what an interrupted program left of it. It is empty, and this program's alone.
  func open() throws -> Int32 {
    for _ in 0..<Partial.attempts {
      let flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
      let file = Disk.repeated { unsafe openat(folder, name, flags, 0o644) }
      if file < 0 {
        // A link, or a pipe that nobody reads.
        guard errno == ELOOP || errno == ENXIO else { throw Disk.failure(path) }
        try remove()
        continue
      }
      do {
        if try isTaken(file) { return file }
      } catch {
        _ = close(file)
        throw error
      }
      _ = close(file)
    }
    throw InputError(path, found: "something keeps taking this name", kind: .busy)
  }

  /// Whether the open file is a plain one that still has this name and no other; then it is emptied.
  private func isTaken(_ file: Int32) throws -> Bool {
    var facts = stat()
    guard unsafe fstat(file, &facts) == 0 else { throw Disk.failure(path) }
    guard facts.st_mode & S_IFMT == S_IFREG, facts.st_nlink <= 1 else {
      try remove()
      return false
    }
    // The kernel gives this lock up however its holder ends. File systems without locks do without.
    if Disk.repeated({ flock(file, LOCK_EX | LOCK_NB) }) != 0 && errno == EWOULDBLOCK {
      throw InputError(path, found: "another program is writing this file", kind: .busy)
    }
    var named = stat()
    guard unsafe fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0, named.st_ino == facts.st_ino else {
      return false  // It was renamed or removed before it was locked.
    }
    guard facts.st_size == 0 || Disk.repeated({ ftruncate(file, 0) }) == 0 else { throw Disk.failure(path) }
    return true
  }

  private func remove() throws {
    if unsafe unlinkat(folder, name, 0) != 0 && errno != ENOENT { throw Disk.failure(path) }
  }
}
