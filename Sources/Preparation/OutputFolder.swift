import Foundation
import Shards
import Skeleton

/// The folder that becomes a data set, held by one program at a time, or by the makers of different parts.
///
/// The locks are the kernel's, on the folder itself and on a file for each part, and are open however the program
/// ends. What an unfinished conversion has to remember is in `.work`, which goes when it is done.
final class OutputFolder: Sendable {
  /// The folder.
  let url: URL
  /// Whether others may be making other parts.
  let isShared: Bool
  private let lock: FolderLock
  private let partLock: FolderLock?

  /// Makes the folder, if need be, and takes it.
  ///
  /// - Parameter part: the part that is going to be made; nil takes the folder for this program alone.
  /// - Throws: ``InputError`` if it cannot be made, or if another program has it.
  init(_ path: String, for part: ConversionPart? = nil) throws {
    url = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
    isShared = part != nil
    let work = url.appendingPathComponent(".work", isDirectory: true)
    let shards = url.appendingPathComponent("shards", isDirectory: true)
    try OutputFolder.make(url, named: path)
    guard let lock = try FolderLock(url, shared: part != nil) else {
      throw OutputFolder.busy(path, FolderLock.holder(in: work.appendingPathComponent("pid")))
    }
    self.lock = lock
    try OutputFolder.make(work, named: path)
    try OutputFolder.make(shards, named: path)
    if let part {
      let file = work.appendingPathComponent(part.lockName)
      guard let taken = try FolderLock(file: file) else {
        throw OutputFolder.busy(path, FolderLock.holder(in: file))
      }
      partLock = taken
    } else {
      partLock = nil
      try FolderLock.sign(work.appendingPathComponent("pid"))
    }
  }

  private static func make(_ folder: URL, named path: String) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw InputError(
        path, found: "a folder that cannot be made: \(error.localizedDescription)", kind: .cannotCreate)
    }
  }

  private static func busy(_ path: String, _ holder: String) -> InputError {
    InputError(
      path, found: "\(holder) is writing here", hint: "wait for it, or choose another --output", kind: .busy)
  }

  /// Runs while no other part looks at or changes the notes.
  func noting(_ body: () throws -> Void) throws {
    let lock = try FolderLock(file: work.appendingPathComponent("plan.lock"), waiting: true)
    defer { withExtendedLifetime(lock) {} }
    try body()
  }

  /// What is remembered while the data set is unfinished.
  var work: URL { url.appendingPathComponent(".work", isDirectory: true) }
  /// The shards' folder.
  var shards: URL { url.appendingPathComponent("shards", isDirectory: true) }
  /// The file whose presence says that the data set is finished.
  var manifest: URL { url.appendingPathComponent("manifest.json") }
  /// What became of each input.
  var report: URL { url.appendingPathComponent("report.json") }

  /// Deletes a file or folder, if it is there.
  static func remove(_ url: URL) throws {
    do {
      try FileManager.default.removeItem(at: url)
    } catch {
      if FileManager.default.fileExists(atPath: url.path) {
        throw InputError(url.path, found: "a file that cannot be deleted", kind: .inputOutput)
      }
    }
  }

  /// Gives the shards numbers without gaps: a run of which nothing is left has made no shard.
  ///
  /// A conversion that ends in the middle of this finds its shards under other names, and makes them again.
  func closeNumberGaps(in entries: [ShardEntry]) throws -> [ShardEntry] {
    try entries.enumerated().map { index, entry in
      var entry = entry
      let name = ShardEntry.fileName(index)
      guard entry.file != name else { return entry }
      let target = shards.appendingPathComponent(name)
      try OutputFolder.remove(target)
      do {
        try FileManager.default.moveItem(at: shards.appendingPathComponent(entry.file), to: target)
      } catch {
        throw InputError(target.path, found: "a shard that cannot be renamed", kind: .inputOutput)
      }
      entry.file = name
      return entry
    }
  }

  /// Deletes the shards' files that are not among these, such as those of an earlier plan.
  func removeShards(except kept: Set<String>) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: shards.path)) ?? []
    for name in names where !kept.contains(name) {
      try OutputFolder.remove(shards.appendingPathComponent(name))
    }
  }
}
