import Foundation

/// What the file system says about a path or an open file.
struct FileFacts: Sendable, Hashable {
  /// The kinds that make a difference.
  enum Kind: Sendable, Hashable {
    case file, folder
    /// A link that was not followed.
    case link
    /// A pipe, a socket, a device: reading it could wait for ever.
    case special
  }

  let kind: Kind
  let bytes: UInt64
  /// Nanoseconds since 1970.
  let changed: UInt64
  /// With `inode`, which file it is, whatever its name.
  let device: UInt64
  let inode: UInt64

  /// Asks about a path; nil, with `errno` set, if nothing is there.
  init?(path: String, followingLinks: Bool = true) {
    var facts = stat()
    // `facts` is filled during the call and used only after success.
    guard unsafe (followingLinks ? stat(path, &facts) : lstat(path, &facts)) == 0 else { return nil }
    self.init(facts)
  }

  /// Asks about an open file.
  init?(descriptor: Int32) {
    var facts = stat()
    // As above.
    guard unsafe fstat(descriptor, &facts) == 0 else { return nil }
    self.init(facts)
  }

  private init(_ facts: stat) {
    switch facts.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    case S_IFLNK: kind = .link
    default: kind = .special
    }
    bytes = UInt64(max(0, facts.st_size))
    changed = UInt64(max(0, facts.st_mtim.tv_sec)) &* 1_000_000_000 &+ UInt64(facts.st_mtim.tv_nsec)
    device = UInt64(facts.st_dev)
    inode = UInt64(facts.st_ino)
  }

  /// What the last call of the system complained of.
  static var lastError: String { unsafe String(cString: strerror(errno)).lowercased() }

  /// Whether that was about the path that was asked for, and not about a disk or a system that fails.
  static var lastErrorIsOfThePath: Bool {
    [ENOENT, ENOTDIR, EACCES, EPERM, ELOOP, ENAMETOOLONG].contains(errno)
  }
}
