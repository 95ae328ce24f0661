import Foundation
import Shards
import Skeleton

/// A data set of untrimmed recordings for tests: still people who now and then do one of two things, three recordings to
/// train and two to test, in the split xsub.
enum SmallVideos {
  static let trained = ["0002-L", "0003-L", "0004-L"]
  static let tested = ["0291-L", "0292-L"]

  /// - Parameter label: the class that the table gives an action, where it is not what is done.
  static func write(to folder: URL, label: (_ video: String, _ done: Int) -> Int? = { _, done in done })
    throws
  {
    let attributes = ShardAttributes(dataset: "pkummd1", profile: "test", recipe: "{}", generator: "tests")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("shards"), withIntermediateDirectories: true)
    var builder = ShardBuilder(attributes: attributes, compression: 1)
    for name in trained + tested {
      let (frames, actions) = recording(name)
      let record = SampleRecord(
        name: name, bodies: 1, digest: String(repeating: "0", count: 64), length: frames.count / 150)
      try builder.append(
        record, frames: frames, visible: [UInt8](repeating: 1, count: frames.count / 3),
        intervals: actions.compactMap { action in
          label(name, action.label).map { ActionInterval(start: action.start, end: action.end, label: $0) }
        })
    }
    let entry = try builder.write(to: folder.appendingPathComponent("shards/00000.h5"))
    try Manifest(
      dataset: attributes.dataset, profile: attributes.profile, recipe: .object([:]),
      generator: attributes.generator, shards: [entry]
    ).write(to: folder)
    try Split(
      protocolName: "xsub", dataset: attributes.dataset, manifest: try Manifest.digest(of: folder),
      train: trained, test: tested
    ).write("xsub", in: folder)
  }

  /// 30 frames of rest before each of four actions of 40 to 60 frames, (T, M, V, C): who does class c moves along axis c.
  private static func recording(_ name: String) -> (frames: [Float], actions: [ActionInterval]) {
    var random = KeyedRandom(seed: 1, sample: name, view: "videos")
    var frames: [Float] = []
    var actions: [ActionInterval] = []
    for number in 0..<4 {
      let label = number % 2
      let length = random.integer(in: 40...60)
      let start = frames.count / 150 + 30
      actions.append(ActionInterval(start: start, end: start + length, label: label))
      for frame in 0..<(30 + length) {
        for place in 0..<150 {
          let isMoved = frame >= 30 && place % 3 == label
          frames.append(place < 75 ? 0.1 * random.normal() + (isMoved ? 1 : 0) : 0)
        }
      }
    }
    return (frames, actions)
  }
}
