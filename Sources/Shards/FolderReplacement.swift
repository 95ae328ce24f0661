import Foundation
import Glibc
import Skeleton

/// Files that belong together and take the place of older ones together: data and its labels, a result and its head.
///
/// They are written into a hidden folder in the folder itself, which is on the same disk and needs no right that the
/// files do not. When all of them are on the disk, that folder is renamed, which decides that they are the valid ones.
/// Only then the older files are deleted, all of them, and the new ones moved to their places, the last one last.
/// However the program ends, there are the old files, the new ones, or some are missing; never are old ones beside new
/// ones. What was decided and not finished is finished by whoever next begins to replace the same files.
public final class FolderReplacement {
  /// The folder of the files.
  public let folder: URL
  /// Where the new files are written until they are published.
  public let staging: URL
  /// What ``staging`` is called once its files are the valid ones.
  private let decided: URL
  private let lock: FolderLock
  private let isSharing: Bool
  private let isNew: Bool

  /// The steps of a publication, as a list beside the files.
  private static let list = "steps"

  /// Begins to replace files. The folder is made if it is missing.
  ///
  /// - Parameters:
  ///   - folder: the folder of the files.
  ///   - name: what these files are called together; others of the folder are replaced by themselves.
  ///   - isSharing: whether other programs may replace files of other names in the folder at the same time.
  /// - Throws: `InputError`, of the kind `busy` if another program is at it.
  public init(in folder: URL, named name: String, isSharing: Bool = false) throws {
    self.folder = folder
    self.isSharing = isSharing
    staging = folder.appendingPathComponent(".\(name).partial")
    decided = folder.appendingPathComponent(".\(name).replacement")
    var facts = stat()
    isNew = unsafe lstat(folder.path, &facts) != 0
    try Disk.makeFolder(folder)
    guard let lock = try FolderLock(folder, shared: isSharing) else {
      throw InputError(
        folder.path, found: "another program is writing into this folder",
        hint: "wait until it is done, or choose another --output", kind: .busy)
    }
    self.lock = lock
    for url in [staging, decided] { try Disk.checkNoLink(url) }
    try finish {}
    if !isSharing { try Disk.remove(staging) }
    try Disk.makeFolder(staging)
  }

  deinit {
    // What is left has no meaning; if it cannot be deleted, the next one overwrites it.
    if !isSharing { try? Disk.remove(staging) }
    _ = unsafe rmdir(staging.path)
    if isNew { _ = unsafe rmdir(folder.path) }
  }

  /// The place of a file while it is new.
  public func url(of name: String) -> URL { staging.appendingPathComponent(name) }

  /// Makes the new files the valid ones.
  ///
  /// - Parameters:
  ///   - names: files in ``staging``, on the disk. The last appears last, so that it says that all are there.
  ///   - others: files of the older ones that have no successor, and are deleted.
  public func publish(_ names: [String], deleting others: [String] = []) throws {
    try publish(names, deleting: others) {}
  }

  /// The same, with something that happens before each step, where a program may end.
  func publish(_ names: [String], deleting others: [String] = [], before step: () throws -> Void) throws {
    try step()
    let steps = others.map { "-" + $0 } + names.map { "+" + $0 }
    try AtomicFile.write(Data(steps.joined(separator: "\n").utf8), to: url(of: FolderReplacement.list))
    try step()
    try Disk.rename(staging, to: decided)
    try finish(before: step)
  }

  /// Carries out what was decided, as far as that is not done.
  private func finish(before step: () throws -> Void) throws {
    let list: Data
    do {
      list = try Disk.read(decided.appendingPathComponent(FolderReplacement.list))
    } catch let error as InputError where error.kind == .noInput {
      return try Disk.remove(decided)  // Nothing was decided, or all is done but for this.
    }
    var (old, new): ([String], [String]) = ([], [])
    let files = try Set(Disk.names(in: decided))
    for line in String(decoding: list, as: UTF8.self).split(separator: "\n") {
      let name = String(line.dropFirst())
      guard line.hasPrefix("+") || line.hasPrefix("-"), FolderReplacement.isPlain(name) else {
        throw InputError(
          decided.path, found: "steps that this program did not write", hint: "delete the folder")
      }
      if line.hasPrefix("-") { old.append(name) } else if files.contains(name) { new.append(name) }
    }
    for name in old + new {
      try step()
      let path = folder.appendingPathComponent(name).path
      if Disk.repeated({ unsafe unlink(path) }) != 0 && errno != ENOENT {
        throw Disk.failure(path, doing: "cannot be replaced")
      }
    }
    try Disk.sync(folder: folder)
    for name in new {
      try step()
      let (from, to) = (decided.appendingPathComponent(name).path, folder.appendingPathComponent(name).path)
      guard Disk.repeated({ unsafe Glibc.rename(from, to) }) == 0 else {
        throw Disk.failure(to, doing: "cannot be replaced")
      }
    }
    try Disk.sync(folder: folder)
    try step()
    try Disk.remove(decided)
  }

  /// Whether the name is of a file in the folder itself.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.contains("/")
  }
}
