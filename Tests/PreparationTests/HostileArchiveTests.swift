import Formats
import Foundation
import Shards
import Skeleton
import Testing

@testable import Preparation

/// Archives as Python's own modules make them, and as attackers do: each member is read as it was written, or refused
/// for the right reason. `Tests/Archives/make.py` is the table of them.
@Suite struct HostileArchiveTests {
  /// What becomes of a file or of an archive's members.
  private enum Fate: Decodable, Equatable {
    case refused
    case members([String: String])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let word = try? value.decode(String.self) {
        #expect(word == "refused")
        self = .refused
      } else {
        self = .members(try value.decode([String: String].self))
      }
    }
  }

  private func fate(of path: String) throws -> Fate {
    let listing: InputListing
    do {
      listing = try InputListing(inputs: [path], extensions: ["skeleton"])
    } catch is InputError {
      return .refused
    }
    // Everything is below the input's own name.
    let root = URL(fileURLWithPath: path).lastPathComponent
    func name(_ label: String) -> String { String(label.dropFirst(root.count).drop { $0 == "/" }) }
    var members: [String: String] = [:]
    for label in listing.strays { members[name(label)] = "stray" }
    for refusal in listing.refused { members[name(refusal.label)] = refusal.fault.reason.rawValue }
    let reader = RawFileReader()
    var text: [UInt8] = []
    for file in listing.files {
      do {
        try reader.read(file, into: &text)
        members[name(file.label)] = "read \(SHA256Digest.hex(of: text))"
      } catch let error as SkeletonTextError {
        members[name(file.label)] = error.kind
      }
      #expect(text.count <= RawFileReader.sizeLimit + 1 && text.capacity <= 2 * RawFileReader.sizeLimit)
    }
    return .members(members)
  }

  @Test func everyArchiveMeetsItsFate() throws {
    let folder = try TemporaryFolder()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Archives/make.py")
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["python3", script.path, folder.url.path]
    try python.run()
    python.waitUntilExit()
    if python.terminationStatus == 127 {
      print("skipped: there is no python3")
      return
    }
    #expect(python.terminationStatus == 0)
    let expected = try JSONDecoder().decode(
      [String: Fate].self, from: Data(contentsOf: folder.url.appendingPathComponent("expected.json")))
    #expect(expected.count > 150)
    for (name, fate) in expected.sorted(by: { $0.key < $1.key }) {
      let found = try self.fate(of: folder.path(name))
      if found != fate { Issue.record("\(name): \(found), expected \(fate)") }
    }
    // Nothing was unpacked.
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(Set(names) == Set(expected.keys).union(["expected.json"]))
  }
}

/// Folders with things in them that are no files.
@Suite struct InputFolderTests {
  private func list(_ folder: TemporaryFolder, _ name: String = "in") throws -> InputListing {
    try InputListing(inputs: [folder.path(name)], extensions: ["skeleton", "txt"])
  }

  private func shell(_ commands: String, in folder: TemporaryFolder) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.currentDirectoryURL = folder.url
    process.arguments = ["-ec", commands]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func whatIsNoFileIsNamedAndNotRead() throws {
    let folder = try TemporaryFolder()
    try shell(
      """
      mkdir -p in/sub; cd in
      echo 1 > sub/good.skeleton; ln -s sub/good.skeleton linked.skeleton
      mkfifo pipe.skeleton; ln -s /dev/zero zero.skeleton
      ln -s loop.skeleton loop.skeleton; ln -s nowhere dangling.txt
      ln -s . again; ln -s sub/.. back
      echo 2 > "$(printf 'bad\\377.skeleton')"; echo 3 > "$(printf 'two\\nlines.skeleton')"
      """, in: folder)
    let listing = try list(folder)
    #expect(listing.files.map(\.label) == ["in/linked.skeleton", "in/sub/good.skeleton"])
    #expect(
      listing.refused.map { "\($0.label) \($0.fault.reason.rawValue)" } == [
        "in/again linked-folder", "in/back linked-folder", "in/bad\u{fffd}.skeleton bad-name",
        "in/dangling.txt unreadable", "in/loop.skeleton unreadable", "in/pipe.skeleton special-file",
        "in/two\u{fffd}lines.skeleton bad-name", "in/zero.skeleton special-file",
      ])
    #expect(listing.refused.filter { !$0.isWanted }.map(\.label) == ["in/again", "in/back"])
  }

  @Test func aPipeThatIsGivenIsRefusedAtOnce() throws {
    let folder = try TemporaryFolder()
    try shell("mkfifo pipe.skeleton pipe.zip", in: folder)
    for name in ["pipe.skeleton", "pipe.zip"] {
      #expect(throws: InputError.self) { try list(folder, name) }
    }
  }

  @Test func aFolderThatCannotBeListedIsNamed() throws {
    guard getuid() != 0 else {
      print("skipped: nothing is closed to root")
      return
    }
    let folder = try TemporaryFolder()
    try shell("mkdir -p in/closed; chmod 0 in/closed", in: folder)
    #expect(try list(folder).refused.map(\.fault.reason) == [.unreadable])
    #expect(throws: InputError.self) { try list(folder, "in/closed") }
  }

  @Test func severalInputsOfAllKindsAreOneListing() throws {
    let folder = try TemporaryFolder()
    try shell(
      "mkdir in; echo 1 > in/a.skeleton; echo 2 > in/b.txt; tar cf c.tar in; gzip -k in/a.skeleton",
      in: folder)
    let names = ["in", "c.tar", "in/a.skeleton.gz", "in/b.txt"]
    let listing = try InputListing(inputs: names.map(folder.path), extensions: ["skeleton", "txt"])
    let turned = try InputListing(inputs: names.reversed().map(folder.path), extensions: ["txt", "skeleton"])
    #expect(listing.files == turned.files)
    #expect(
      listing.files.map(\.label) == [
        "a.skeleton.gz", "b.txt", "c.tar/in/a.skeleton", "c.tar/in/b.txt", "in/a.skeleton",
        "in/a.skeleton.gz", "in/b.txt",
      ])
    #expect(Set(listing.files.map(\.stem)) == ["a", "b"])
    var text: [UInt8] = []
    for file in listing.files {
      try RawFileReader().read(file, into: &text)
      #expect(text == Array((file.stem == "a" ? "1\n" : "2\n").utf8), "\(file.label)")
    }
  }

  @Test func anArchiveThatChangesAfterItWasListedIsNotReadAtOldPlaces() throws {
    let folder = try TemporaryFolder()
    try shell("mkdir in; echo 1 > in/a.skeleton; tar cf c.tar in", in: folder)
    let file = try #require(list(folder, "c.tar").files.first)
    try shell("echo 2 > in/0.skeleton; tar cf d.tar in; mv d.tar c.tar", in: folder)
    var text: [UInt8] = []
    #expect(throws: InputError.self) { try RawFileReader().read(file, into: &text) }
  }

  @Test func whatIsRefusedIsInTheReport() throws {
    let folder = try TemporaryFolder()
    try Synthesis(samples: 2).write(to: folder.path("in"))
    try shell("mkfifo in/S001C001P001R001A059.skeleton; ln -s . in/again", in: folder)
    let outcome = try Pipeline(
      ConversionOptions(inputs: [folder.path("in")], dataset: .ntu60, output: folder.path("out"))
    ).run()
    let report = try #require(outcome.report)
    #expect(report.totals == ["kept": 2, "dropped": 1, "skipped": 1])
    #expect(report.reasons == ["special-file": 1, "linked-folder": 1])
  }
}
