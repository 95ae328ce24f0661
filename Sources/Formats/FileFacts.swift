import Foundation

/// What the file system says about a path, links followed.
struct FileFacts {
  let isFolder: Bool
  let bytes: UInt64
  /// Nanoseconds since 1970.
  let changed: UInt64

  /// Asks about the path; nil if nothing is there.
  init?(path: String) {
    var facts = stat()
    // `facts` is filled during the call and used only after success.
    guard unsafe stat(path, &facts) == 0 else { return nil }
    isFolder = facts.st_mode & S_IFMT == S_IFDIR
    bytes = UInt64(max(0, facts.st_size))
    changed = UInt64(max(0, facts.st_mtim.tv_sec)) &* 1_000_000_000 &+ UInt64(facts.st_mtim.tv_nsec)
  }
}
