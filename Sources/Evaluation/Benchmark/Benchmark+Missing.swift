import Foundation
import Shards
import Skeleton
import Training

extension Benchmark {
  /// What the recipes ask for and is not there, each with the command that makes it; nothing if all is there.
  ///
  /// Only what is missing is looked for, without reading anything large. What is there and damaged is told by its cells.
  public var missing: [String] {
    var lines: [String] = []
    func isThere(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
    func add(_ what: String, _ command: String) {
      let line = "\(what): \(command)"
      if !lines.contains(line) { lines.append(line) }
    }
    for data in plan.data {
      let folder = URL(fileURLWithPath: data.from)
      guard isThere(folder.appendingPathComponent(Manifest.fileName)) else {
        add("data set \(data.from)", "skelprep convert … --output \(data.from)")
        continue
      }
      if !isThere(Split.url(data.split, in: folder)) {
        add("split \(data.split) of \(data.from)", "skelprep split \(data.from) --protocol …")
      }
    }
    for data in plan.data {
      for path in data.occluded
      where !isThere(URL(fileURLWithPath: path).appendingPathComponent(Manifest.fileName)) {
        add(
          "occluded variant \(path)",
          "skelprep occlude \(data.from) --kind … --split \(data.split) --output \(path)")
      }
    }
    for run in plan.checkpoints.flatMap(\.runs) {
      let url = URL(fileURLWithPath: run)
      let file = url.pathExtension == "safetensors" ? url : RunFolder(url).checkpoint
      if !isThere(file) { add("checkpoint \(run)", "skeltrain pretrain … --output \(run)") }
    }
    return lines
  }
}
