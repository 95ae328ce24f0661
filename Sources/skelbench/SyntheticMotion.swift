import Batches
import Foundation
import Shards
import Skeleton

/// Smooth motion of two bodies that nobody made, for measurements that need no truth.
enum SyntheticMotion {
  /// The frames of a sample, (T, 150) in metres: every number swings with its own frequency and width.
  static func values(_ name: String, frames: Int) -> [Float] {
    var random = KeyedRandom(seed: 1, sample: name, view: "motion")
    let width = SkeletonClip.width
    let waves = (0..<width).map { _ in
      (centre: random.uniform(-1, 1), size: random.uniform(0, 0.2), speed: random.uniform(0.02, 0.3))
    }
    var values: [Float] = []
    values.reserveCapacity(frames * width)
    for frame in 0..<frames {
      for wave in waves { values.append(wave.centre + wave.size * sin(wave.speed * Float(frame))) }
    }
    return values
  }

  /// Writes a data set of `samples` samples of `frames` frames each in `shards` shards, and a split `xview` that
  /// trains on fifteen of sixteen.
  static func write(to folder: URL, samples: Int, frames: Int, shards: Int) throws {
    let attributes = ShardAttributes(
      dataset: "ntu60", profile: "agcn300", recipe: "{}", jointNames: Kinect25.jointNames, frameRate: 30,
      units: "metres", generator: "skelbench")
    let files = DatasetFolder.shards(in: folder)
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    // One of sixteen samples is seen by the camera that is left for testing.
    let names = (0..<samples).map { index in
      SampleName(
        setup: 1 + index / 2400, camera: index % 16 == 0 ? 1 : 2, subject: 1 + index % 40, replication: 1,
        action: 1 + index / 40 % 60)
    }.sorted()
    var entries: [ShardEntry] = []
    for shard in 0..<shards {
      var builder = ShardBuilder(attributes: attributes, compression: 1)
      for name in names[(shard * samples / shards)..<((shard + 1) * samples / shards)] {
        try builder.append(
          SampleRecord(
            name: "\(name)", label: name.label, setup: name.setup, camera: name.camera,
            subject: name.subject, replication: 1, action: name.action, bodies: 2,
            digest: String(repeating: "0", count: 64), start: 0, length: frames),
          frames: values("\(name)", frames: frames),
          visible: [UInt8](repeating: 1, count: frames * Kinect25.jointCount * Kinect25.bodyCount))
      }
      entries.append(
        try builder.write(to: files.appendingPathComponent(String(format: "%05d.h5", shard))))
    }
    let manifest = Manifest(
      dataset: attributes.dataset, profile: attributes.profile, recipe: .object([:]),
      generator: attributes.generator, shards: entries)
    try manifest.write(to: folder)
    let sides = Dictionary(grouping: names) { EvaluationProtocol.xview.part(of: $0) }
    try Split(
      protocolName: "xview", dataset: attributes.dataset, manifest: try Manifest.digest(of: folder),
      train: (sides[.train] ?? []).map(\.description), test: (sides[.test] ?? []).map(\.description),
      excluded: []
    ).write("xview", in: folder)
  }
}
