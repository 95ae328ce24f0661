import Foundation
import Shards
import Skeleton

/// Shards of random motion, of given numbers of samples and lengths.
struct ExampleShard {
  static let attributes = ShardAttributes(
    dataset: "ntu60", profile: "agcn300", recipe: #"{"profile":"agcn300"}"#, jointNames: Kinect25.jointNames,
    frameRate: 30, units: "metres", generator: "tests 1")

  /// The samples' frames, (T, M, V, C), and flags, (T, M, V), in the order of their names.
  let content: [(record: SampleRecord, frames: [Float], visible: [UInt8])]

  init(samples: Int, frames: ClosedRange<Int>, seed: UInt64 = 1) {
    content = (0..<samples).map { index in
      let name = SampleName(
        setup: 1, camera: index % 3 + 1, subject: index + 1, replication: 1, action: index % 60 + 1)
      var random = KeyedRandom(seed: seed, sample: "\(index)", view: "shard")
      let length = random.integer(in: frames)
      let hasTwo = index.isMultiple(of: 3)
      let values = (0..<(length * 150)).map { $0 / 75 % 2 == 0 || hasTwo ? random.normal() : 0 }
      let flags = (0..<(length * 50)).map { $0 / 25 % 2 == 0 || hasTwo ? UInt8(1) : 0 }
      let record = SampleRecord(
        name: "\(name)", label: name.label, setup: name.setup, camera: name.camera, subject: name.subject,
        replication: name.replication, action: name.action, bodies: hasTwo ? 2 : 1,
        digest: SHA256Digest.hex(of: Data("\(index)".utf8)))
      return (record, values, flags)
    }
  }

  /// The shard's file.
  @discardableResult
  func write(to url: URL, compression: Int = 2) throws -> ShardEntry {
    var builder = ShardBuilder(attributes: ExampleShard.attributes, compression: compression)
    for sample in content {
      try builder.append(sample.record, frames: sample.frames, visible: sample.visible)
    }
    return try builder.write(to: url)
  }
}

/// A folder that is gone when its owner is.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("shards-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}
