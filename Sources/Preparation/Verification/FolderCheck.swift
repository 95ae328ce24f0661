import Foundation
import Shards
import Skeleton

/// Which files lie in a data set's folder that do not belong there.
struct FolderCheck {
  let check: Verification.Check
  /// Files that no part of this program has made, nor would take for its own.
  let notes: [String]

  init(of folder: URL, manifest: Manifest?) {
    var expected: Set<String> = [Manifest.fileName, "report.json"]
    for shard in manifest?.shards ?? [] { expected.insert("shards/" + shard.file) }
    for split in SplitsCheck.files(in: folder) { expected.insert("splits/" + split.lastPathComponent) }
    var faults: [InputError] = []
    var notes: [String] = []
    var count = 0
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    for path in paths.sorted() {
      let url = folder.appendingPathComponent(path)
      var isFolder: ObjCBool = false
      _ = unsafe FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      if isFolder.boolValue { continue }
      count += 1
      if expected.contains(path) { continue }
      let isShard = path.hasPrefix("shards/") && path.hasSuffix(".h5")
      if path.hasPrefix(".work/") {
        let fault = InputError(
          folder.appendingPathComponent(".work").path, found: "the notes of an unfinished conversion",
          hint: "run the same skelprep convert again")
        if !faults.contains(fault) { faults.append(fault) }
      } else if path.hasSuffix(".partial") {
        faults.append(
          InputError(
            url.path, found: "a file that was never completed",
            hint: "nothing is writing here? then delete it"))
      } else if isShard {
        if manifest != nil {
          faults.append(InputError(url.path, found: "a shard that the manifest does not name"))
        }
      } else {
        notes.append("\(url.path) is not part of the data set")
      }
    }
    self.notes = notes
    check = Verification.Check(name: "files", summary: "\(count) files", faults: faults)
  }
}
