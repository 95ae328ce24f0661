import Foundation
import Shards
import Skeleton

/// A data set of random motion for tests: a few shards, two classes, cameras 1 to 3, and the split xview.
enum SmallDataset {
  static func write(to folder: URL, samples: Int, shards: Int) throws {
    let attributes = ShardAttributes(
      dataset: "ntu60", profile: "test", recipe: "{}", jointNames: Kinect25.jointNames, frameRate: 30,
      units: "metres",
      generator: "tests")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("shards"), withIntermediateDirectories: true)
    let names = (0..<samples).map {
      SampleName(setup: 1, camera: $0 % 3 + 1, subject: $0 + 1, replication: 1, action: $0 % 2 + 1)
    }.sorted()
    var entries: [ShardEntry] = []
    let size = (samples + shards - 1) / shards
    for shard in 0..<shards {
      var builder = ShardBuilder(attributes: attributes, compression: 1)
      for name in names[(shard * size)..<min((shard + 1) * size, samples)] {
        var random = KeyedRandom(seed: 1, sample: "\(name)", view: "test")
        let length = random.integer(in: 5...40)
        let frames = (0..<(length * 150)).map { _ in random.normal() }  // (T, M, V, C)
        let record = SampleRecord(
          name: "\(name)", label: name.label, setup: name.setup, camera: name.camera, subject: name.subject,
          replication: name.replication, action: name.action, bodies: 2,
          digest: String(repeating: "0", count: 64),
          start: 0, length: length)
        try builder.append(record, frames: frames, visible: [UInt8](repeating: 1, count: length * 50))
      }
      entries.append(
        try builder.write(
          to: folder.appendingPathComponent("shards").appendingPathComponent("0000\(shard).h5")))
    }
    try write(entries, names: names, attributes, to: folder)
  }

  private static func write(
    _ entries: [ShardEntry], names: [SampleName], _ attributes: ShardAttributes, to folder: URL
  ) throws {
    let manifest = Manifest(
      dataset: attributes.dataset, profile: attributes.profile, recipe: .object([:]),
      generator: attributes.generator, shards: entries)
    try manifest.write(to: folder)
    let split = Split(
      protocolName: "xview", dataset: attributes.dataset, manifest: try Manifest.digest(of: folder),
      train: names.filter { EvaluationProtocol.xview.part(of: $0) == .train }.map(\.description),
      test: names.filter { EvaluationProtocol.xview.part(of: $0) == .test }.map(\.description), excluded: [])
    try split.write("xview", in: folder)
  }
}
