import Foundation
import Shards
import Skeleton

@testable import Preparation

/// A data set of which only names and labels matter: each sample is one frame of zeros.
enum NamedDataset {
  /// Writes samples into a folder; a name that is no NTU name needs a label.
  @discardableResult
  static func write(
    _ samples: [(name: String, label: Int)], of dataset: SkeletonDataset, to path: String,
    exclude: String = "official"
  ) throws -> URL {
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    let shards = DatasetFolder.shards(in: folder)
    try FileManager.default.createDirectory(at: shards, withIntermediateDirectories: true)
    var builder = ShardBuilder(
      attributes: ShardAttributes(
        dataset: dataset.rawValue, profile: "raw", recipe: "{}", generator: Generator.name), compression: 0)
    for (name, label) in samples {
      try builder.append(
        SampleRecord(name: name, label: label, digest: SHA256Digest.hex(of: Data(name.utf8))),
        frames: [Float](repeating: 0, count: 150), visible: [UInt8](repeating: 0, count: 50))
    }
    let entry = try builder.write(to: shards.appendingPathComponent(ShardEntry.fileName(0)))
    try Manifest(
      dataset: dataset.rawValue, profile: "raw", recipe: .object(["exclude": .string(exclude)]),
      generator: Generator.name, shards: [entry]
    ).write(to: folder)
    return folder
  }

  /// Names of NTU with the labels that they say.
  static func labelled(_ names: [SampleName]) -> [(name: String, label: Int)] {
    names.map { ("\($0)", $0.label) }
  }
}
