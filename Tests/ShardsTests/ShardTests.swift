import Foundation
import Shards
import Skeleton
import Testing

@Suite struct ShardTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Lengths on both sides of a chunk's, one sample and many.
  @Test(arguments: [(1, 1...1), (1, 511...513), (3, 170...172), (40, 1...60), (9, 300...300)])
  func whatIsWrittenReadsBackTheSame(samples: Int, frames: ClosedRange<Int>) throws {
    let example = ExampleShard(samples: samples, frames: frames)
    let url = folder.file("00000.h5")
    let entry = try example.write(to: url)
    let shard = try ShardReader.read(url, expecting: entry)
    #expect(shard.attributes == ExampleShard.attributes)
    #expect(shard.frames == example.content.flatMap(\.frames))
    #expect(shard.visible == example.content.flatMap(\.visible))
    var next = 0
    for (sample, expected) in zip(shard.samples, example.content) {
      #expect(sample.start == next && sample.length == expected.visible.count / 50)
      #expect(sample.name == expected.record.name && sample.digest == expected.record.digest)
      #expect(sample.label == expected.record.label && sample.camera == expected.record.camera)
      next += sample.length
    }
    #expect(try ShardReader.samples(url) == shard.samples)
    #expect(entry.samples == samples && entry.frames == next)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["00000.h5"])
  }

  @Test func theSameSamplesGiveTheSameBytes() throws {
    let example = ExampleShard(samples: 12, frames: 20...90)
    let first = try example.write(to: folder.file("a.h5"))
    let second = try example.write(to: folder.file("b.h5"))
    #expect(try Data(contentsOf: folder.file("a.h5")) == Data(contentsOf: folder.file("b.h5")))
    #expect(first.sha256 == second.sha256)
    // The values' digest does not depend on how hard they were compressed.
    let other = try example.write(to: folder.file("c.h5"), compression: 9)
    #expect(other.logicalSHA256 == first.logicalSHA256 && other.sha256 != first.sha256)
  }

  @Test func aValueThatIsNotFiniteIsRefused() throws {
    var builder = ShardBuilder(attributes: ExampleShard.attributes, compression: 1)
    let sample = ExampleShard(samples: 1, frames: 4...4).content[0]
    var frames = sample.frames
    frames[7] = .nan
    #expect(throws: InputError.self) {
      try builder.append(sample.record, frames: frames, visible: sample.visible)
    }
  }

  @Test func aFolderThatCannotBeWrittenIsSaid() throws {
    let url = folder.file("file/00000.h5")
    try Data().write(to: folder.file("file"))
    #expect { try ExampleShard(samples: 1, frames: 2...2).write(to: url) } throws: { error in
      "\(error)".contains("/file: cannot be made")
    }
  }
}
