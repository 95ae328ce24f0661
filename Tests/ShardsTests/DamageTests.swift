import Foundation
import Shards
import Skeleton
import Testing

/// Files in which bits have flipped, or of which the end is missing.
@Suite struct DamageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// With the manifest's digest every flipped bit is noticed; without it, a flip is noticed or changes no value.
  @Test func aFlippedBitIsNoticedOrHarmless() throws {
    let url = folder.file("flip.h5")
    let entry = try ExampleShard(samples: 6, frames: 5...40).write(to: url)
    let bytes = try Data(contentsOf: url)
    let truth = try ShardReader.read(url, expecting: entry)
    var random = KeyedRandom(seed: 11, view: "flips")
    var noticed = 0
    for flip in 0..<1000 {
      var damaged = bytes
      damaged[random.integer(below: bytes.count)] ^= 1 << UInt8(random.integer(below: 8))
      try damaged.write(to: url)
      #expect(throws: InputError.self) { try ShardReader.read(url, expecting: entry) }
      do {
        let shard = try ShardReader.read(url, expecting: nil)
        #expect(
          shard.frames == truth.frames && shard.visible == truth.visible && shard.samples == truth.samples
            && shard.attributes == truth.attributes, "flip \(flip)")
      } catch {
        #expect(error is InputError)
        noticed += 1
      }
    }
    #expect(noticed > 700)
  }

  @Test func aTruncatedShardIsRefused() throws {
    let url = folder.file("short.h5")
    let entry = try ExampleShard(samples: 1, frames: 2...2).write(to: url)
    let bytes = try Data(contentsOf: url)
    for length in 0..<bytes.count {
      try bytes.prefix(length).write(to: url)
      #expect(throws: InputError.self, "\(length) bytes") { try ShardReader.read(url, expecting: nil) }
      guard length.isMultiple(of: 16) else { continue }
      #expect(throws: InputError.self, "\(length) bytes") { try ShardReader.read(url, expecting: entry) }
      #expect(throws: InputError.self, "\(length) bytes") { try ShardReader.samples(url) }
    }
  }

  /// A manifest or a split that broke off is refused wherever it did; the line break at the end is not missed.
  @Test func aTruncatedManifestOrSplitIsRefused() throws {
    let example = ExampleShard(samples: 2, frames: 3...3)
    try FileManager.default.createDirectory(at: folder.file("shards"), withIntermediateDirectories: true)
    let entry = try example.write(to: folder.file("shards/00000.h5"))
    try Manifest(
      dataset: "ntu60", profile: "agcn300", recipe: .object([:]), generator: "tests 1", shards: [entry]
    ).write(to: folder.url)
    let names = example.content.map(\.record.name)
    try Split(
      protocolName: "xsub", dataset: "ntu60", manifest: Manifest.digest(of: folder.url), train: names,
      test: []
    ).write("xsub", in: folder.url)
    for file in ["splits/xsub.json", "manifest.json"] {
      let url = folder.file(file)
      let bytes = try Data(contentsOf: url)
      for length in 0..<(bytes.count - 1) {
        try bytes.prefix(length).write(to: url)
        #expect(throws: InputError.self, "\(length) bytes of \(file)") {
          try DatasetFolder(folder.url).split("xsub")
        }
      }
      try bytes.write(to: url)
    }
  }
}
