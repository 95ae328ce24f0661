import Foundation
import Shards
import Skeleton

/// Divides a data set into training and test samples, as a file of names beside the data.
public struct Splitting: Sendable {
  /// The split that was written.
  public internal(set) var split: Split
  /// Its name, that of the file without `.json`.
  public let name: String
  /// How it compares with what was published; nil where nothing was.
  public let coverage: SplitCoverage?
  /// What a user should know beside the numbers, a sentence each.
  public let notes: [String]

  /// Writes `splits/<protocol>.json` into a data set's folder.
  public static func write(protocol scheme: EvaluationProtocol, in path: String) throws -> Splitting {
    guard let scheme = SplitScheme(rawValue: scheme.rawValue) else {
      preconditionFailure("\(scheme) is no way to split")
    }
    return try write(SplitOptions(scheme), in: path)
  }

  /// Writes `splits/<name>.json` into a data set's folder.
  ///
  /// Samples of the official list of missing skeletons that are in the data set are excluded from both sides,
  /// unless the data set was made with `--exclude none`, which says that they are wanted.
  ///
  /// - Throws: `InputError` for options that do not go together or with the data set.
  public static func write(_ options: SplitOptions, in path: String) throws -> Splitting {
    try options.validate()
    let folder = try DatasetFolder(URL(fileURLWithPath: path, isDirectory: true))
    guard let dataset = SkeletonDataset(rawValue: folder.manifest.dataset) else {
      throw InputError(
        path, at: "dataset", found: folder.manifest.dataset,
        expected: SkeletonDataset.allCases.map(\.rawValue).joined(separator: " or "),
        hint: "recordings of your own are divided --by subject, camera, recording or sample, or by a --list")
    }
    let division = Division(
      options: options, dataset: dataset, samples: Array(try folder.samples().joined()),
      excluding: excluded(of: dataset, folder.manifest.recipe), folder: folder)
    let splitting =
      if let sides = options.scheme.sides {
        try division.bySides(sides)
      } else if options.scheme == .oneshot {
        try division.oneShot()
      } else {
        try division.fewShot()
      }
    if !options.allowsEmptySide { try splitting.demandBothSides(of: options, path) }
    try splitting.split.write(splitting.name, in: folder.url)
    return splitting
  }

  /// Throws if a side has no sample: nothing could be learned, or nothing measured.
  private func demandBothSides(of options: SplitOptions, _ path: String) throws {
    // Episodes bring samples of their own.
    guard split.fewShot == nil, split.train.isEmpty || split.test.isEmpty else { return }
    let side = split.train.isEmpty ? "training" : "test"
    throw InputError(
      path, at: "--protocol \(options.scheme.rawValue)",
      found: "no \(side) sample among \(split.train.count + split.test.count)",
      expected: "samples on both sides",
      hint: (coverage.map { "\($0)\n  " } ?? "")
        + "convert more recordings, split by another protocol, or write it all the same with --allow-empty")
  }

  private static func excluded(of dataset: SkeletonDataset, _ recipe: JSONValue) -> Set<String> {
    if case .object(let settings) = recipe, settings["exclude"] == .string("none") { return [] }
    return Set(dataset.samplesWithMissingSkeletons)
  }

  /// The result in a few lines.
  public var summary: String {
    var line = "\(name): \(split.train.count) train, \(split.test.count) test"
    if let exemplars = split.exemplars { line += ", \(exemplars.count) exemplars" }
    if !split.excluded.isEmpty { line += ", \(split.excluded.count) excluded" }
    return ([line] + (coverage.map { ["\($0)"] } ?? []) + notes).joined(separator: "\n")
  }
}

extension ConversionReport {
  /// The names of the samples that a stored report says were dropped, and of the recordings whose actions were, in
  /// order; none if there is no report.
  static func lost(in folder: URL) -> [String] {
    struct Rows: Decodable { let files: [ReportRow] }
    guard let data = try? Disk.read(folder.appendingPathComponent("report.json")),
      let rows = try? JSONFile.decode(Rows.self, from: data)
    else { return [] }
    let lost = rows.files.filter { $0.outcome == .dropped || $0.outcome == .droppedAction }
    return Set(lost.compactMap(\.sample)).sorted()
  }
}
