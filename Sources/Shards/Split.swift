import Foundation
import Skeleton

/// Which samples of a dataset train and which test: `splits/xview.json`. Names only, no copies of data.
public struct Split: Codable, Sendable, Equatable {
  /// The protocol: `xview`.
  public var protocolName: String
  /// The data set: `ntu60`.
  public var dataset: String
  /// The digest of the manifest whose samples these are.
  public var manifest: String
  /// The names that a model may learn from.
  public var train: [String]
  /// The names that only measure it.
  public var test: [String]
  /// The names that are in neither, and of a drawn subset those that were not drawn.
  public var excluded: [String]
  /// The seed, where a part of the training samples was drawn.
  public var seed: UInt64?
  /// The part of the training samples that was drawn.
  public var fraction: Double?
  /// Whether the same number was drawn of every class.
  public var balanced: Bool?
  /// The SHA-256 of the list that decided, where it was not the official one that is known here.
  public var list: String?
  /// In a one-shot split, the sample of each test class that the others are compared with; in no other list.
  public var exemplars: [String]?
  /// In a few-shot split, the episodes.
  public var fewShot: FewShot?

  /// A split; nothing is checked before it is written.
  public init(
    protocolName: String, dataset: String, manifest: String, train: [String], test: [String],
    excluded: [String] = [], seed: UInt64? = nil, fraction: Double? = nil, balanced: Bool? = nil,
    list: String? = nil, exemplars: [String]? = nil, fewShot: FewShot? = nil
  ) {
    self.protocolName = protocolName
    self.dataset = dataset
    self.manifest = manifest
    self.train = train
    self.test = test
    self.excluded = excluded
    self.seed = seed
    self.fraction = fraction
    self.balanced = balanced
    self.list = list
    self.exemplars = exemplars
    self.fewShot = fewShot
  }

  /// The names of a part.
  public func names(of part: EvaluationProtocol.Part) -> [String] {
    switch part {
    case .train: train
    case .test: test
    }
  }

  /// `splits/NAME.json` in a dataset's folder.
  public static func url(_ name: String, in folder: URL) -> URL {
    folder.appendingPathComponent("splits").appendingPathComponent("\(name).json")
  }

  /// Reads a split of a dataset, and checks it against the dataset's samples.
  public static func read(_ name: String, in folder: URL) throws -> Split {
    try DatasetFolder(folder).split(name)
  }

  /// Checks the split against the dataset's samples, and writes it, whole or not at all.
  public func write(_ name: String, in folder: URL) throws {
    let dataset = try DatasetFolder(folder)
    let url = Split.url(name, in: folder)
    try check(against: dataset, url.path)
    try JSONFile.write(self, to: url)
  }

  /// Throws unless every sample of the dataset is in exactly one list, and nothing else is.
  func check(against folder: DatasetFolder, _ path: String) throws {
    let digest = try Manifest.digest(of: folder.url)
    guard manifest == digest, dataset == folder.manifest.dataset else {
      throw InputError(
        path, at: "manifest", found: "\(dataset) \(manifest)",
        expected: "\(folder.manifest.dataset) \(digest)",
        hint: "the split belongs to another conversion; make it again with skelprep split")
    }
    let samples = Array(try folder.samples().joined())
    var missing = Set(samples.map(\.name))
    for (list, names) in [
      ("train", train), ("test", test), ("excluded", excluded), ("exemplars", exemplars ?? []),
    ] {
      for name in names where missing.remove(name) == nil {
        throw InputError(
          path, at: list, found: "\(name), which is in two places or not in the dataset",
          expected: "every sample exactly once", hint: "make it again with skelprep split")
      }
    }
    guard missing.isEmpty else {
      throw InputError(
        path,
        found: "\(missing.count) samples in no list: \(missing.sorted().prefix(3).joined(separator: ", "))",
        expected: "every sample exactly once", hint: "make it again with skelprep split")
    }
    if let fraction, !(fraction > 0 && fraction <= 1) {
      throw InputError(path, at: "fraction", found: "\(fraction)", expected: "more than 0, at most 1")
    }
    if let fewShot {
      let tests = Set(test)
      let labels = samples.lazy.filter { tests.contains($0.name) }.map { ($0.name, $0.label) }
      if let fault = fewShot.fault(Dictionary(uniqueKeysWithValues: labels)) {
        throw InputError(path, at: fault.place, found: fault.found, expected: fault.expected)
      }
    }
  }

  private enum CodingKeys: String, CodingKey {
    case protocolName = "protocol"
    case dataset, manifest, train, test, excluded, seed, fraction, balanced, list, exemplars
    case fewShot = "few_shot"
  }
}
