import Foundation
import Skeleton

/// Which samples train and which test: the content of `splits/NAME.json`. Names only, no copies of data.
public struct Split: Codable, Sendable, Equatable {
  /// The protocol: `xsub`, `xview`, `xset`.
  public var protocolName: String
  /// The data set: `ntu60`.
  public var dataset: String
  /// The digest of the manifest that the split was made for.
  public var manifest: String
  /// Samples to learn from, in order.
  public var train: [String]
  /// Samples to measure with, in order.
  public var test: [String]
  /// Samples on neither side.
  public var excluded: [String]
  /// The seed of a drawn subset.
  public var seed: Int?
  /// The share of the training samples in a drawn subset.
  public var fraction: Double?

  /// A split of a data set.
  public init(
    protocolName: String, dataset: String, manifest: String, train: [String], test: [String], excluded: [String],
    seed: Int? = nil, fraction: Double? = nil
  ) {
    self.protocolName = protocolName
    self.dataset = dataset
    self.manifest = manifest
    self.train = train
    self.test = test
    self.excluded = excluded
    self.seed = seed
    self.fraction = fraction
  }

  enum CodingKeys: String, CodingKey {
    case protocolName = "protocol"
    case dataset, manifest, train, test, excluded, seed, fraction
  }

  /// A split's file in a data set's folder.
  public static func file(_ name: String, in folder: URL) -> URL {
    folder.appendingPathComponent("splits").appendingPathComponent("\(name).json")
  }

  /// Writes the split into a data set's folder.
  public func write(to folder: URL, name: String) throws {
    let file = Split.file(name, in: folder)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try AtomicFile.write(try StableJSON.data(self), to: file)
  }
}
