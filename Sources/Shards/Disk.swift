import Foundation
import Glibc
import Skeleton

/// The calls with which this package reads and changes the file system, each checked here.
///
/// Foundation has functions for the same that hide the reason of a failure, follow links where nobody expects any, or
/// wait for a named pipe. These name the path and the reason, make a call again that a signal interrupted, and never
/// wait.
public enum Disk {
  /// Makes a folder and those that it is in, as far as they are missing; each is entered into its parent durably.
  ///
  /// - Throws: `InputError`, also if something else has the name.
  public static func makeFolder(_ url: URL) throws {
    let path = url.path
    let status = repeated { unsafe mkdir(path, 0o777) }
    if status == 0 {
      return try sync(folder: url.deletingLastPathComponent())
    }
    switch errno {
    case EEXIST:
      var facts = stat()
      // `facts` is filled during the call, and used after success only.
      if unsafe stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR { return }
      throw InputError(path, found: "cannot be made (something else has this name)", kind: .cannotCreate)
    case ENOENT where path != "/" && !path.isEmpty:
      try makeFolder(url.deletingLastPathComponent())
      try makeFolder(url)
    default:
      throw failure(path, doing: "cannot be made", kind: .cannotCreate)
    }
  }

  /// Throws if the path is there and is anything but a folder: a link to one could lead anywhere.
  public static func checkNoLink(_ url: URL) throws {
    var facts = stat()
    // `facts` is filled during the call, and used after success only.
    guard unsafe lstat(url.path, &facts) == 0, facts.st_mode & S_IFMT != S_IFDIR else { return }
    throw InputError(
      url.path, found: "a link, or a file", expected: "a folder, or nothing",
      hint: "nothing is written through it; remove it, or choose another --output", kind: .cannotCreate)
  }

  /// The bytes of a regular file, links to it followed.
  ///
  /// - Throws: `InputError`, of the kind `noInput` if nothing is there.
  public static func read(_ url: URL) throws -> Data {
    let path = url.path
    let file = try openForReading(path)
    defer { _ = close(file) }
    var data = Data()
    // What is appended then never has to be moved to a larger place.
    data.reserveCapacity(try size(of: file, path))
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      // At most as many bytes as the buffer has.
      let got = repeated { unsafe Glibc.read(file, &buffer, buffer.count) }
      if got < 0 { throw failure(path, doing: "cannot be read") }
      if got == 0 { return data }
      data.append(contentsOf: buffer[..<got])
    }
  }

  /// Whether something has the path, links to it followed.
  ///
  /// - Throws: `InputError` if that cannot be told, which is not the same as no.
  public static func isThere(_ url: URL) throws -> Bool {
    var facts = stat()
    // `facts` is filled during the call, and not used.
    if unsafe stat(url.path, &facts) == 0 { return true }
    guard errno == ENOENT || errno == ENOTDIR else { throw failure(url.path, doing: "cannot be looked at") }
    return false
  }

  /// Whether a folder has the path, links to it followed.
  public static func isFolder(_ url: URL) throws -> Bool {
    var facts = stat()
    // `facts` is filled during the call, and used after success only.
    if unsafe stat(url.path, &facts) == 0 { return facts.st_mode & S_IFMT == S_IFDIR }
    _ = try isThere(url)  // Throws where it cannot be told.
    return false
  }

  /// Bytes of a file, links to it followed.
  ///
  /// - Throws: `InputError`, of the kind `noInput` if nothing is there.
  public static func size(of url: URL) throws -> Int {
    var facts = stat()
    // `facts` is filled during the call, and used after success only.
    guard unsafe stat(url.path, &facts) == 0 else {
      throw failure(url.path, doing: "cannot be looked at", kind: errno == ENOENT ? .noInput : .inputOutput)
    }
    return Int(facts.st_size)
  }

  /// Bytes of an open file.
  static func size(of file: Int32, _ path: String) throws -> Int {
    var facts = stat()
    // `facts` is filled during the call, and used after success only.
    guard unsafe fstat(file, &facts) == 0 else { throw failure(path, doing: "cannot be read") }
    return Int(facts.st_size)
  }

  /// The first bytes of a regular file, and its size.
  public static func start(of path: String, upTo count: Int) throws -> (bytes: Data, size: Int) {
    let file = try openForReading(path)
    defer { _ = close(file) }
    return (try bytes(of: file, at: 0, count, path), try size(of: file, path))
  }

  /// As many bytes from a place of an open file on, or as many as there are: the system may give them in pieces.
  static func bytes(of file: Int32, at offset: Int, _ count: Int, _ path: String) throws -> Data {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      // From `done` on there are `count - done` bytes.
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        repeated {
          unsafe pread(file, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
        }
      }
      if got < 0 { throw failure(path, doing: "cannot be read") }
      if got == 0 { break }
      done += got
    }
    return Data(bytes[..<done])
  }

  /// Opens a regular file; anything else is refused, and never waited for.
  static func openForReading(_ path: String) throws -> Int32 {
    let file = repeated { unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard file >= 0 else {
      throw failure(
        path, doing: "cannot be read", kind: errno == ENOENT || errno == ENOTDIR ? .noInput : .inputOutput)
    }
    var facts = stat()
    guard unsafe fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      _ = close(file)
      throw InputError(path, found: "cannot be read (no regular file)")
    }
    return file
  }

  /// Opens a file of our own to write on in it, which is made if it is missing: a plain file of this one name.
  ///
  /// Nothing is written through a link that stands there, symbolic or not, nor into a pipe or a device.
  public static func openOwn(_ url: URL) throws -> Int32 {
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let file = repeated { unsafe open(url.path, flags, 0o644) }
    guard file >= 0 || errno == ELOOP else {
      throw failure(url.path, doing: "cannot be opened for writing", kind: .cannotCreate)
    }
    var facts = stat()
    // `facts` is filled during the call, and used after success only.
    guard file >= 0, unsafe fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_nlink <= 1
    else {
      if file >= 0 { _ = close(file) }
      throw InputError(
        url.path, found: "a link, or no regular file", hint: "nothing is written through it; remove it",
        kind: .cannotCreate)
    }
    return file
  }

  /// Writes all of the bytes into an open file, however many the system takes at a time.
  public static func write(_ data: Data, to file: Int32, _ path: String) throws {
    var done = 0
    while done < data.count {
      let written = unsafe data.withUnsafeBytes { bytes in
        repeated { unsafe Glibc.write(file, bytes.baseAddress?.advanced(by: done), bytes.count - done) }
      }
      guard written > 0 else { throw failure(path) }
      done += written
    }
  }

  /// The names of what is in a folder, sorted; none if there is no such folder.
  public static func names(in folder: URL) throws -> [String] {
    let path = folder.path
    guard let opened = unsafe opendir(path) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw failure(path, doing: "cannot be listed")
    }
    defer { unsafe closedir(opened) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(opened) else {
        if errno == 0 { return names.filter { $0 != "." && $0 != ".." }.sorted() }
        throw failure(path, doing: "cannot be listed")
      }
      // The entry is the library's, and holds until the next one is read.
      unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe names.append(String(cString: $0))
        }
      }
    }
  }

  /// Gives a file another name in the same folder, whose entries are then synced.
  public static func rename(_ url: URL, to target: URL) throws {
    guard repeated({ unsafe Glibc.rename(url.path, target.path) }) == 0 else {
      throw failure(url.path, doing: "cannot be renamed")
    }
    try sync(folder: target.deletingLastPathComponent())
  }

  /// Gives a file a second name in the same folder, or where the file system has no such thing, makes a copy. What has
  /// the name already is replaced at once.
  ///
  /// Of a path of more than 1,020 bytes `FileManager.linkItem` made no link, or one somewhere else.
  public static func duplicate(_ url: URL, as other: URL) throws {
    let partial = other.appendingPathExtension("partial")
    try remove(partial)
    if repeated({ unsafe link(url.path, partial.path) }) == 0 {
      try rename(partial, to: other)
      // Where both were the same file already, the rename has left both.
      try remove(partial)
    } else {
      try AtomicFile.write(read(url), to: other)
    }
  }

  /// Deletes a file, or a folder with all that is in it, if it is there.
  public static func remove(_ url: URL) throws {
    var facts = stat()
    // `facts` is filled during the call, and used after success only.
    if unsafe lstat(url.path, &facts) != 0 && errno == ENOENT { return }
    do {
      try FileManager.default.removeItem(at: url)
    } catch {
      throw InputError(
        url.path, found: "cannot be deleted (\(error.localizedDescription))", kind: .inputOutput)
    }
  }

  /// Makes what was done to a folder's entries survive a loss of power.
  public static func sync(folder: URL) throws {
    let path = folder.path
    let opened = repeated { unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard opened >= 0 else { throw failure(path, doing: "cannot be synced") }
    defer { _ = close(opened) }
    try sync(opened, folder: path)
  }

  /// Syncs the entries of an open folder.
  static func sync(_ opened: Int32, folder path: String) throws {
    // Some network file systems cannot sync a folder; the files themselves have been synced.
    if repeated({ fsync(opened) }) != 0 && errno != EINVAL && errno != ENOTSUP {
      throw failure(path, doing: "cannot be synced")
    }
  }

  /// Makes a call again as long as it fails because a signal came.
  public static func repeated<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// What `errno` says of a path, where room is what is missing with what to do about it.
  public static func failure(
    _ path: String, doing action: String = "", kind: InputError.Kind = .inputOutput
  ) -> InputError {
    let reason = errno
    let text = unsafe String(cString: strerror(reason)).lowercased()
    let full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG
    return InputError(
      path, found: action.isEmpty ? text : "\(action) (\(text))",
      hint: full ? "make room and run the same command again; what is finished is kept" : "",
      kind: full ? .inputOutput : kind)
  }
}
