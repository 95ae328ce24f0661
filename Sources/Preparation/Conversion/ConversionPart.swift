import Foundation
import Shards
import Skeleton

/// A share of a conversion that a machine of several makes: every `count`-th shard, from `index` on.
public struct ConversionPart: Sendable, Equatable {
  /// Which part, from 0.
  public let index: Int
  /// The number of parts.
  public let count: Int

  /// A part; `validate()` checks it.
  public init(index: Int, of count: Int) {
    self.index = index
    self.count = count
  }

  func validate() throws {
    guard (1...100_000).contains(count) else {
      throw InputError("--shard-count", found: "\(count)", expected: "1 to 100000 parts")
    }
    guard (0..<count).contains(index) else {
      throw InputError(
        "--shard-index", found: "\(index)", expected: "0 to \(count - 1)",
        hint: "parts are counted from 0; for Slurm: --array=0-\(count - 1)")
    }
  }

  func makes(run: Int) -> Bool { run % count == index }

  /// The file in `.work` that a part holds while it is being made, and whose name remembers the number of parts.
  var lockName: String { "part-\(index)-of-\(count)" }

  /// Finishes a data set whose parts have all been made: writes the report and the manifest.
  ///
  /// The result has the same bytes as one undivided conversion. A data set that is finished already is left as it is.
  ///
  /// - Throws: `InputError` that names the missing parts.
  public static func finalize(_ path: String) throws -> ConversionOutcome {
    let url = URL(fileURLWithPath: path, isDirectory: true)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw InputError(path, found: "no such folder", kind: .noInput)
    }
    if let finished = try? DatasetFolder(url) {
      return ConversionOutcome(manifest: finished.manifest, report: nil)
    }
    let folder = try OutputFolder(path)
    guard let note = PlanNote.stored(in: folder) else {
      throw InputError(
        path, found: "no part of a data set", hint: "make its parts with skelprep convert --shard-index",
        kind: .noInput)
    }
    let receipts = try note.keys.enumerated().map { index, key in
      try ShardReceipt.stored(forRun: index, key: key, in: folder)
    }
    let missing = receipts.indices.filter { receipts[$0] == nil }
    guard missing.isEmpty else {
      throw InputError(
        path, found: "\(missing.count) of \(receipts.count) shards are not there",
        expected: "all of them", hint: hint(for: missing, in: folder), kind: .noInput)
    }
    return try note.finish(receipts.compactMap(\.self), in: folder)
  }

  /// Which parts to make again.
  private static func hint(for missing: [Int], in folder: OutputFolder) -> String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.work.path)) ?? []
    let counts = Set(names.compactMap { $0.hasPrefix("part-") ? Int($0.split(separator: "-")[3]) : nil })
    guard let count = counts.first, counts.count == 1 else {
      return "make the remaining parts with the same skelprep convert, then finalize again"
    }
    let parts = Set(missing.map { $0 % count }).sorted().map(String.init).joined(separator: ",")
    return "make again, of --shard-count \(count), --shard-index \(parts); then finalize again"
  }
}

/// What the making of a part has brought.
public struct PartOutcome: Sendable {
  let part: ConversionPart
  let shards: Int
  let allShards: Int
  /// Whether a file was dropped that should have been a sample.
  public let hasBadFiles: Bool

  /// The result for programs.
  public struct Counts: Encodable, Sendable {
    let part: Int
    let parts: Int
    let shards: Int
    let shards_of_all_parts: Int
    let has_bad_files: Bool
  }

  /// The result as numbers.
  public var counts: Counts {
    Counts(
      part: part.index, parts: part.count, shards: shards, shards_of_all_parts: allShards,
      has_bad_files: hasBadFiles)
  }

  /// The result in a line.
  public var summary: String {
    "part \(part.index) of \(part.count): \(shards) of \(allShards) shards; when all parts are there: skelprep finalize"
  }
}
