import Foundation
import Shards
import Skeleton

/// Whether every split is as it was written, is of this data set, and has every sample once.
enum SplitsCheck {
  /// The files in the folder of the splits that can be splits.
  static func files(in folder: URL) -> [URL] {
    let splits = folder.appendingPathComponent("splits")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: splits.path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().map { splits.appendingPathComponent($0) }
  }

  /// - Parameter isReadable: whether the samples are known, so that they can be looked for in the splits.
  static func check(of folder: URL, isReadable: Bool) -> Verification.Check {
    let files = files(in: folder)
    var check = Verification.Check(
      name: "splits", summary: files.map { String($0.lastPathComponent.dropLast(5)) }.joined(separator: ", "))
    if files.isEmpty { check.summary = "there are none" }
    for file in files {
      check.faults += SealCheck.faults(of: file)
      if isReadable {
        let name = String(file.lastPathComponent.dropLast(5))
        _ = check.faults.collect(file.path) { try DatasetFolder(folder).split(name) }
      } else {
        _ = check.faults.collect(file.path) { try compare(file, with: folder) }
      }
    }
    if !isReadable && !files.isEmpty {
      check.summary += "; their samples were not looked for, for want of shards"
    }
    return check
  }

  /// What a split says without its samples.
  private static func compare(_ file: URL, with folder: URL) throws {
    let digest = try Manifest.digest(of: folder)
    let split: Split
    do {
      split = try JSONFile.decode(Split.self, from: try Disk.read(file))
    } catch {
      throw InputError(file.path, found: "no split: \(error.localizedDescription)")
    }
    guard split.manifest == digest else {
      throw InputError(
        file.path, at: "manifest", found: split.manifest, expected: "\(digest), the manifest's SHA-256",
        hint: "the split belongs to another conversion; make it again with skelprep split")
    }
  }
}
