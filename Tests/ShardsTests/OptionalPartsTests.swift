import Foundation
import Shards
import Skeleton
import Testing

/// What a shard has only where there is something in it: loops, rows of labels.
@Suite struct OptionalPartsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func shard(_ name: String, row: Int, loops: BodyLoops?) throws -> (url: URL, entry: ShardEntry) {
    var builder = ShardBuilder(attributes: ExampleShard.attributes, compression: 1)
    for (index, sample) in ExampleShard(samples: 4, frames: 20...20).content.enumerated() {
      var record = sample.record
      record.row = index == 2 ? row : -1
      try builder.append(
        record, frames: sample.frames, visible: sample.visible, loops: index == 1 ? loops : nil)
    }
    let url = folder.file("\(name).h5")
    return (url, try builder.write(to: url))
  }

  private let loops = BodyLoops(first: 2, second: 20, origins: [1, 2, 3, 4, 5, 6.5])

  @Test func areReadBack() throws {
    let (url, entry) = try shard("whole", row: 7, loops: loops)
    let read = try ShardReader.read(url, expecting: entry)
    #expect(read.samples.map(\.row) == [-1, -1, 7, -1])
    var expected = loops
    expected.sample = 1
    #expect(read.loops == [expected])
    #expect(read.loops(of: read.samples[1]) == expected && read.loops(of: read.samples[0]) == nil)
    #expect(try ShardReader.logicalDigest(url) == entry.logicalSHA256)
    #expect(try ShardReader.samples(url).map(\.row) == [-1, -1, 7, -1])
  }

  /// Every value is in the digest, and a shard without them has the bytes and the digest that it ever had.
  @Test func areInTheDigest() throws {
    let plain = try shard("plain", row: -1, loops: nil)
    let example = try ExampleShard(samples: 4, frames: 20...20).write(
      to: folder.file("example.h5"), compression: 1)
    #expect(plain.entry.sha256 == example.sha256 && plain.entry.logicalSHA256 == example.logicalSHA256)
    var other = loops
    other.second = 19
    var moved = loops
    moved.origins[5] = 6
    let digests = try [
      shard("row", row: 0, loops: nil), shard("other-row", row: 1, loops: nil),
      shard("loops", row: -1, loops: loops),
      shard("other", row: -1, loops: other), shard("moved", row: -1, loops: moved), plain,
    ].map(\.entry.logicalSHA256)
    #expect(Set(digests).count == 6)
  }

  @Test func valuesThatCannotBeAreRefused() throws {
    for (first, second, count) in [(2, 2, 6), (0, 3, 0), (21, 3, 63), (3, 21, 9), (3, 4, 6)] {
      let wrong = BodyLoops(first: first, second: second, origins: Array(repeating: 0, count: count))
      #expect(throws: InputError.self) { try shard("wrong", row: -1, loops: wrong) }
    }
    #expect(throws: InputError.self) { try shard("wrong", row: -2, loops: nil) }
    let program = """
      import h5py, shutil, sys
      good, out = sys.argv[1:]
      def broken(name, change):
          shutil.copy(good, out + '/' + name + '.h5')
          with h5py.File(out + '/' + name + '.h5', 'r+') as f: change(f)
      def put(path, value):
          def change(f): f[path][0] = value
          return change
      broken('sample', put('loops/sample', 4))
      broken('negative', put('loops/sample', -1))
      broken('first', put('loops/first', 3))
      broken('huge', put('loops/first', 2 ** 31 - 1))
      broken('second', put('loops/second', 0))
      broken('nan', put('loops/origins', float('nan')))
      broken('row', put('samples/row', -2))
      def gone(f): del f['loops/second']
      broken('gone', gone)
      """
    let (url, _) = try shard("good", row: 7, loops: loops)
    let made = folder.file("made")
    try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
    guard try Python.run(program, needing: "h5py", [url.path, made.path]) != nil else { return }
    let files = try FileManager.default.contentsOfDirectory(at: made, includingPropertiesForKeys: nil)
    #expect(files.count == 8)
    for file in files {
      #expect(throws: InputError.self, "\(file.lastPathComponent)") { try ShardReader.read(file) }
    }
  }
}
