import Foundation
import Shards
import Skeleton

/// A data set that is easy to tell apart: each class lifts other joints; cameras 1 to 3, and the split xview.
///
/// Labels may be given by the name, as a test that changes them needs.
enum SmallGestures {
  static let classes = 3

  /// - Parameters:
  ///   - samples: how many; every third is a test sample.
  ///   - label: what the data set says a sample's class is, by its number and its true class.
  static func write(
    to folder: URL, samples: Int = 36, dataset: String = "ntu60", profile: String = "test",
    recipe: String = "{}",
    label: (Int, Int) -> Int = { _, truth in truth }
  ) throws {
    let attributes = ShardAttributes(
      dataset: dataset, profile: profile, recipe: recipe, jointNames: Kinect25.jointNames, frameRate: 30,
      units: "metres", generator: "tests")
    let shards = folder.appendingPathComponent("shards")
    try FileManager.default.createDirectory(at: shards, withIntermediateDirectories: true)
    var builder = ShardBuilder(attributes: attributes, compression: 1)
    var names: [SampleName] = []
    for number in 0..<samples {
      let truth = number / 3 % classes
      let name = SampleName(
        setup: 1, camera: number % 3 + 1, subject: number + 1, replication: 1, action: truth + 1)
      names.append(name)
      var random = KeyedRandom(seed: 1, sample: "\(name)", view: "test")
      let length = random.integer(in: 20...40)
      var frames = [Float](repeating: 0, count: length * 150)  // (T, M, V, C)
      for frame in 0..<length {
        for joint in 0..<25 {
          let lifted: Float = joint % classes == truth ? 1 : 0
          let place = frame * 150 + joint * 3
          frames[place] = Float(joint % 5) * 0.1 + 0.05 * random.normal()
          frames[place + 1] = lifted * Float(frame) / Float(length) + 0.05 * random.normal()
          frames[place + 2] = Float(joint) * 0.05 + 0.05 * random.normal()
        }
      }
      let record = SampleRecord(
        name: "\(name)", label: label(number, truth), setup: 1, camera: name.camera, subject: name.subject,
        replication: 1, action: name.action, bodies: 1, digest: String(repeating: "0", count: 64), start: 0,
        length: length)
      try builder.append(record, frames: frames, visible: [UInt8](repeating: 1, count: length * 50))
    }
    let entry = try builder.write(to: shards.appendingPathComponent("00000.h5"))
    let manifest = Manifest(
      dataset: dataset, profile: profile, recipe: try JSONValue(parsing: recipe), generator: "tests",
      shards: [entry])
    try manifest.write(to: folder)
    let split = Split(
      protocolName: "xview", dataset: dataset, manifest: try Manifest.digest(of: folder),
      train: names.filter { $0.camera != 1 }.map(\.description),
      test: names.filter { $0.camera == 1 }.map(\.description))
    try split.write("xview", in: folder)
  }
}
