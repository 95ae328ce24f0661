import Foundation
import Shards
import Skeleton
import Testing

@Suite struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aFileIsReplacedWhole() throws {
    let url = folder.file("new/file")
    try AtomicFile.write(Data("first".utf8), to: url)
    try AtomicFile.write(Data("second".utf8), to: url)
    #expect(try Data(contentsOf: url) == Data("second".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("new").path) == ["file"])
  }

  /// What stands in the way of the partial file is removed and never written through.
  @Test(arguments: ["link", "dangling link", "hard link", "pipe"]) func nothingIsWrittenThroughALink(
    kind: String
  )
    throws
  {
    let (url, other) = (folder.file("file"), folder.file("other"))
    try Data("other".utf8).write(to: other)
    let partial = folder.file("file.partial").path
    switch kind {
    case "link": try FileManager.default.createSymbolicLink(atPath: partial, withDestinationPath: other.path)
    case "hard link": try FileManager.default.linkItem(atPath: other.path, toPath: partial)
    case "pipe": #expect(unsafe mkfifo(partial, 0o600) == 0)
    default: try FileManager.default.createSymbolicLink(atPath: partial, withDestinationPath: "nothing")
    }
    try AtomicFile.write(Data("new".utf8), to: url)
    #expect(try Data(contentsOf: url) == Data("new".utf8))
    #expect(try Data(contentsOf: other) == Data("other".utf8))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["file", "other"])
  }

  @Test func whatAnotherProgramIsWritingIsLeftToIt() throws {
    let url = folder.file("file")
    let partial = folder.file("file.partial").path
    let held = unsafe open(partial, O_WRONLY | O_CREAT, 0o600)
    #expect(flock(held, LOCK_EX) == 0)
    let error = #expect(throws: InputError.self) { try AtomicFile.write(Data("new".utf8), to: url) }
    #expect(error?.kind == .busy)
    #expect(FileManager.default.fileExists(atPath: partial))
    close(held)
    try AtomicFile.write(Data("new".utf8), to: url)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["file"])
  }

  @Test func aPipeIsNotWaitedFor() throws {
    let pipe = folder.file("manifest.json")
    #expect(unsafe mkfifo(pipe.path, 0o600) == 0)
    #expect(throws: InputError.self) { try Manifest.read(folder.url) }
    #expect(throws: InputError.self) { try ShardReader.samples(pipe) }
    #expect(throws: InputError.self) { try ShardReader.read(pipe) }
  }
}
