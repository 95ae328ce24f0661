import Foundation
import Shards
import Skeleton

extension FuzzTarget {
  static let manifest = FuzzTarget(name: "manifest", isText: true, words: jsonWords, allowance: 4 << 20) {
    bytes, place in
    try FileManager.default.createDirectory(at: place.file, withIntermediateDirectories: true)
    try Data(bytes).write(to: place.file.appendingPathComponent(Manifest.fileName))
    let manifest: Manifest
    do { manifest = try Manifest.read(place.file) } catch is InputError { return .refused }
    try manifest.write(to: place.file)
    guard try Manifest.read(place.file) == manifest else {
      throw Contradiction(description: "written again, it is read as another manifest")
    }
    guard JSONSeal.state(of: try Disk.read(place.file.appendingPathComponent(Manifest.fileName))) == .intact
    else {
      throw Contradiction(description: "written again, its seal is broken")
    }
    return .read
  }

  static let split = FuzzTarget(name: "split", isText: true, words: jsonWords, allowance: 4 << 20) {
    bytes, place in
    let data = place.file.appendingPathExtension("data")
    if !FileManager.default.fileExists(atPath: data.path) {
      try FileManager.default.copyItem(at: place.corpus.appendingPathComponent("run/data"), to: data)
    }
    try Data(bytes).write(to: Split.url("input", in: data))
    let folder = try DatasetFolder(data)
    let split: Split
    do { split = try folder.split("input") } catch is InputError { return .refused }
    let lists = [split.train, split.test, split.excluded, split.exemplars ?? []]
    guard try lists.joined().sorted() == folder.samples().joined().map(\.name).sorted() else {
      throw Contradiction(description: "a sample in no list, or in two")
    }
    try split.write("again", in: data)
    guard try folder.split("again") == split else {
      throw Contradiction(description: "written again, it is read as another split")
    }
    return .read
  }

  static let jsonWords: [[UInt8]] =
    [
      "null", "true", "{}", "[]", "[[[[[[[[", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"train\"", "\"shards\"",
      "\"few_shot\"", "{\"a\":", "\u{202e}",
    ].map { Array($0.utf8) } + [[UInt8](repeating: UInt8(ascii: "["), count: 2000)] + numbers
}
