import Foundation
import Skeleton
import Testing

@testable import Shards

/// Files that belong together, replaced by others that belong together, however that ends.
@Suite struct FolderReplacementTests {
  private struct Stopped: Error {}
  private let temporary: TemporaryFolder
  private var folder: URL { temporary.file("out") }

  init() throws { temporary = try TemporaryFolder() }

  private func write(_ text: String, in replacement: FolderReplacement, _ names: [String]) throws {
    for name in names { try AtomicFile.write(Data(text.utf8), to: replacement.url(of: name)) }
  }

  /// What the folder has, without what is hidden.
  private func contents() throws -> [String: String] {
    let names = try Disk.names(in: folder).filter { !$0.hasPrefix(".") }
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, String(decoding: try Disk.read(folder.appendingPathComponent($0)), as: UTF8.self))
      })
  }

  /// The old set has a head and a result, the new one another part and a result; a note is somebody else's.
  private func begin(stoppingAt stop: Int) throws -> Int {
    try Disk.remove(folder)
    do {
      let first = try FolderReplacement(in: folder, named: "set")
      try write("old", in: first, ["head", "result"])
      try first.publish(["head", "result"])
    }
    try Data("note".utf8).write(to: folder.appendingPathComponent("note"))
    var steps = 0
    do {
      let second = try FolderReplacement(in: folder, named: "set")
      try write("new", in: second, ["part", "result"])
      try second.publish(["part", "result"], deleting: ["head"]) {
        if steps == stop { throw Stopped() }
        steps += 1
      }
    } catch is Stopped {}
    return steps
  }

  @Test func whereverItStopsNothingOldStandsBesideAnythingNew() throws {
    let (old, new) = (
      ["head": "old", "result": "old", "note": "note"], ["part": "new", "result": "new", "note": "note"]
    )
    let count = try begin(stoppingAt: -1)
    #expect(count >= 7)
    #expect(try contents() == new)
    for stop in 0..<count {
      _ = try begin(stoppingAt: stop)
      let there = try contents()
      #expect(there["note"] == "note")
      #expect(Set(there.filter { $0.key != "note" }.values).count <= 1, "at \(stop): \(there)")
      // The last file says that all are there.
      if there["result"] == "new" { #expect(there == new, "at \(stop)") }
      // Whoever comes next finds all of one or all of the other.
      _ = try FolderReplacement(in: folder, named: "set")
      let after = try contents()
      #expect(after == old || after == new, "at \(stop): \(after)")
      #expect(try Disk.names(in: folder).filter { $0.hasPrefix(".") }.isEmpty, "at \(stop)")
    }
  }

  @Test func oneAtATimeButForOthersOfTheFolder() throws {
    let first = try FolderReplacement(in: folder, named: "a")
    let error = #expect(throws: InputError.self) { try FolderReplacement(in: folder, named: "a") }
    #expect(error?.kind == .busy)
    try write("x", in: first, ["file"])
    try first.publish(["file"])
    let (one, two) = (temporary.file("shared"), temporary.file("shared"))
    let left = try FolderReplacement(in: one, named: "left", isSharing: true)
    let right = try FolderReplacement(in: two, named: "right", isSharing: true)
    try write("l", in: left, ["l"])
    try write("r", in: right, ["r"])
    try right.publish(["r"])
    try left.publish(["l"])
    #expect(try Disk.names(in: one) == ["l", "r"])
  }

  @Test func aFolderThatGetsNothingIsNotMade() throws {
    do { _ = try FolderReplacement(in: folder, named: "a") }
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test(arguments: [".a.partial", ".a.replacement"]) func noLinkIsFollowed(name: String) throws {
    let other = temporary.file("other")
    try Disk.makeFolder(other)
    try Disk.makeFolder(folder)
    try Data("mine".utf8).write(to: other.appendingPathComponent("file"))
    try FileManager.default.createSymbolicLink(
      at: folder.appendingPathComponent(name), withDestinationURL: other)
    #expect(throws: InputError.self) { try FolderReplacement(in: folder, named: "a") }
    #expect(try Disk.names(in: other) == ["file"])
  }

  @Test(arguments: ["+../file", "+.hidden", "file", "+a/b"]) func stepsOfOthersAreRefused(step: String) throws
  {
    let decided = folder.appendingPathComponent(".a.replacement")
    try Disk.makeFolder(decided)
    try Data(step.utf8).write(to: decided.appendingPathComponent("steps"))
    #expect(throws: InputError.self) { try FolderReplacement(in: folder, named: "a") }
  }
}
