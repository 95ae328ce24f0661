import Foundation
import Shards
import Skeleton

/// The folder that becomes a data set, held by one program at a time.
///
/// The lock is on the folder itself, so that no lock file stays behind, and the kernel opens it however the
/// program ends. What an unfinished conversion has to remember is in `.work`, which goes when it is done.
final class OutputFolder: Sendable {
  /// The folder.
  let url: URL
  private let descriptor: Int32

  /// Makes the folder, if need be, and takes it.
  ///
  /// - Throws: ``InputError`` if it cannot be made, or if another program has it.
  init(_ path: String) throws {
    url = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw InputError(
        path, found: "a folder that cannot be made: \(error.localizedDescription)", kind: .cannotCreate)
    }
    descriptor = unsafe open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw InputError(path, found: "not a folder that can be opened", kind: .cannotCreate)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      let holder = (try? String(contentsOf: OutputFolder.holder(of: url), encoding: .utf8)) ?? "unknown"
      throw InputError(
        path, found: "process \(holder) is writing here", hint: "wait for it, or choose another --output",
        kind: .busy)
    }
    do {
      for folder in [work, shards] {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      }
      try Data("\(ProcessInfo.processInfo.processIdentifier)".utf8).write(to: OutputFolder.holder(of: url))
    } catch {
      close(descriptor)
      throw InputError(path, found: "a folder that cannot be written to", kind: .cannotCreate)
    }
  }

  deinit { close(descriptor) }

  /// What is remembered while the data set is unfinished.
  var work: URL { url.appendingPathComponent(".work", isDirectory: true) }
  /// The shards' folder.
  var shards: URL { url.appendingPathComponent("shards", isDirectory: true) }
  /// The file whose presence says that the data set is finished.
  var manifest: URL { url.appendingPathComponent("manifest.json") }
  /// What became of each input.
  var report: URL { url.appendingPathComponent("report.json") }

  private static func holder(of folder: URL) -> URL { folder.appendingPathComponent(".work/pid") }

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
