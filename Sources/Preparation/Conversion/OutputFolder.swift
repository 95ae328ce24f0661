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
  /// - Throws: ``InputError`` if it cannot be made, if another program has it, or if links stand where its own
  ///   folders should be.
  init(_ path: String, for part: ConversionPart? = nil) throws {
    url = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
    isShared = part != nil
    let work = url.appendingPathComponent(".work", isDirectory: true)
    let shards = url.appendingPathComponent("shards", isDirectory: true)
    try Disk.makeFolder(url)
    guard let lock = try FolderLock(url, shared: part != nil) else {
      throw OutputFolder.busy(path, FolderLock.holder(in: work.appendingPathComponent("pid")))
    }
    self.lock = lock
    for folder in [work, shards] { try Disk.checkNoLink(folder) }
    try Disk.makeFolder(work)
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
  /// The shards' folder, made with the first of them.
  var shards: URL { url.appendingPathComponent("shards", isDirectory: true) }
  /// The file whose presence says that the data set is finished.
  var manifest: URL { url.appendingPathComponent("manifest.json") }
  /// What became of each input.
  var report: URL { url.appendingPathComponent("report.json") }

  /// Deletes a file or folder, if it is there.
  static func remove(_ url: URL) throws { try Disk.remove(url) }

  /// Gives the shards numbers without gaps: a run of which nothing is left has made no shard.
  ///
  /// A conversion that ends in the middle of this finds its shards under other names, and makes them again.
  func closeNumberGaps(in entries: [ShardEntry]) throws -> [ShardEntry] {
    try entries.enumerated().map { index, entry in
      var entry = entry
      let name = ShardEntry.fileName(index)
      guard entry.file != name else { return entry }
      try Disk.rename(shards.appendingPathComponent(entry.file), to: shards.appendingPathComponent(name))
      entry.file = name
      return entry
    }
  }

  /// Deletes the shards that are not among these, such as those of an earlier plan, and what was left half written.
  ///
  /// Files with names that this program does not give are somebody else's, and stay.
  func removeShards(except kept: Set<String>) throws {
    for name in try Disk.names(in: shards)
    where !kept.contains(name) && name.wholeMatch(of: #/[0-9]{5,}\.h5(\.partial)?/#) != nil {
      try OutputFolder.remove(shards.appendingPathComponent(name))
    }
  }
}
