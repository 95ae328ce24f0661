import Foundation
import Skeleton

/// A lock of the kernel's on a folder or a file, held as long as this lives, and open when the program is gone.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock on a folder; nil if another program has it.
  ///
  /// - Parameter shared: whether others may share it.
  public convenience init?(_ folder: URL, shared: Bool) throws {
    let descriptor = Disk.repeated { unsafe open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      throw Disk.failure(folder.path, doing: "cannot be opened as a folder", kind: .cannotCreate)
    }
    try self.init(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB, folder)
  }

  /// Takes the lock on a file, which is made if it is missing and then says who has it; nil if another program has.
  ///
  /// - Parameter waiting: whether to wait for it instead of giving up.
  public convenience init?(file: URL, waiting: Bool = false) throws {
    try self.init(Disk.openOwn(file), waiting ? LOCK_EX : LOCK_EX | LOCK_NB, file)
    try sign(file)
  }

  private init?(_ descriptor: Int32, _ operation: Int32, _ url: URL) throws {
    self.descriptor = descriptor
    // The descriptor is closed in deinit, which also runs when this fails.
    if Disk.repeated({ flock(descriptor, operation) }) != 0 {
      guard errno == EWOULDBLOCK else {
        throw Disk.failure(url.path, doing: "cannot be locked", kind: .cannotCreate)
      }
      return nil
    }
  }

  deinit { close(descriptor) }

  /// The signature: this program's number, and the machine that it runs on.
  private static var signature: String {
    "\(ProcessInfo.processInfo.processIdentifier) on \(machine)"
  }

  /// The machine's own name for itself, without a question to the network.
  private static var machine: String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "this machine" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes who this is into the locked file itself.
  private func sign(_ file: URL) throws {
    guard Disk.repeated({ ftruncate(descriptor, 0) }) == 0 else { throw Disk.failure(file.path) }
    try Disk.write(Data(FolderLock.signature.utf8), to: descriptor, file.path)
  }

  /// Writes who this is into a file, for the message that another program gets.
  public static func sign(_ file: URL) throws {
    try AtomicFile.write(Data(signature.utf8), to: file, isSynced: false)
  }

  /// Who has signed the file and is still there.
  ///
  /// The signature may be that of an earlier holder, as long as the present one has not come to write its own.
  public static func holder(in file: URL) -> String {
    for _ in 0..<20 {
      let text = (try? Disk.read(file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      let words = text.split(separator: " ", maxSplits: 2)
      if let number = words.first.flatMap({ Int32($0) }), number > 0 {
        let isElsewhere = words.last.map(String.init) != machine
        if isElsewhere || kill(number, 0) == 0 || errno == EPERM { return "process \(text)" }
      }
      usleep(10_000)
    }
    return "another process"
  }
}
