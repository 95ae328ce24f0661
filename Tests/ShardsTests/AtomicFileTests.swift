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

  /// `/dev/full` takes the place of the partial file: every write to it finds the disk full.
  @Test func aFullDiskIsSaidAndLeavesTheOldFile() throws {
    let url = folder.file("00000.h5")
    let example = ExampleShard(samples: 3, frames: 20...30)
    let entry = try example.write(to: url)
    let partial = folder.file("00000.h5.partial").path
    try FileManager.default.createSymbolicLink(atPath: partial, withDestinationPath: "/dev/full")
    #expect {
      try ExampleShard(samples: 9, frames: 20...30).write(to: url)
    } throws: { error in
      (error as? InputError)?.kind == .inputOutput
        && "\(error)".contains("00000.h5.partial: no space left on device")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["00000.h5"])
    #expect(try ShardReader.read(url, expecting: entry).samples.count == 3)
  }
}
