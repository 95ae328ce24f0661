import Foundation
import Skeleton

/// A lock of the kernel's on a folder or a file, held as long as this lives, and open when the program is gone.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock on a folder; nil if another program has it.
  ///
  /// - Parameter shared: whether others may share it.
  convenience init?(_ folder: URL, shared: Bool) throws {
    let descriptor = unsafe open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw InputError(folder.path, found: "not a folder that can be opened", kind: .cannotCreate)
    }
    self.init(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB)
  }

  /// Takes the lock on a file, which is made if it is missing and then says who has it; nil if another program has.
  ///
  /// - Parameter waiting: whether to wait for it instead of giving up.
  convenience init?(file: URL, waiting: Bool = false) throws {
    let descriptor = unsafe open(file.path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw InputError(
        file.path, found: "a file that cannot be made: \(unsafe String(cString: strerror(errno)))",
        kind: .cannotCreate)
    }
    self.init(descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB)
    try FolderLock.sign(file)
  }

  private init?(_ descriptor: Int32, _ operation: Int32) {
    self.descriptor = descriptor
    // The descriptor is closed in deinit, which also runs when this fails.
    while flock(descriptor, operation) != 0 {
      guard errno == EINTR else { return nil }
    }
  }

  deinit { close(descriptor) }

  /// Writes this program's number into a file, for the message that another one gets.
  static func sign(_ file: URL) throws {
    do {
      try Data("\(ProcessInfo.processInfo.processIdentifier)".utf8).write(to: file)
    } catch {
      throw InputError(file.path, found: "a file that cannot be written", kind: .cannotCreate)
    }
  }

  /// Who has signed the file.
  static func holder(in file: URL) -> String {
    let number = try? String(contentsOf: file, encoding: .utf8)
    return number.map { "process \($0)" } ?? "another process"
  }
}
