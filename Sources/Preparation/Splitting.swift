import Foundation
import Shards
import Skeleton

/// Divides a data set into training and test samples, as a file of names beside the data.
public struct Splitting: Sendable {
  /// The split that was written.
  public let split: Split
  /// How it compares with what was published.
  public let coverage: SplitCoverage

  /// Writes `splits/<protocol>.json` into a data set's folder.
  ///
  /// Samples of the official list of missing skeletons that are in the data set are excluded from both sides,
  /// unless the data set was made with `--exclude none`, which says that they are wanted.
  ///
  /// - Throws: ``InputError`` for a protocol that the data set is not published with.
  public static func write(protocol scheme: EvaluationProtocol, in path: String) throws -> Splitting {
    let folder = try DatasetFolder(URL(fileURLWithPath: path, isDirectory: true))
    guard let dataset = SkeletonDataset(rawValue: folder.manifest.dataset) else {
      throw InputError(
        path, at: "dataset", found: folder.manifest.dataset,
        expected: SkeletonDataset.allCases.map(\.rawValue).joined(separator: " or "))
    }
    guard dataset.protocols.contains(scheme) else {
      throw InputError(
        "--protocol", found: scheme.rawValue,
        expected: dataset.protocols.map(\.rawValue).joined(separator: " or ") + " for \(dataset.rawValue)")
    }
    let names = try folder.samples().joined().map(\.name)
    let members = try SplitMembers(
      of: names, by: scheme, excluding: excluded(of: dataset, folder.manifest.recipe))
    let split = Split(
      protocolName: scheme.rawValue, dataset: dataset.rawValue, manifest: try Manifest.digest(of: folder.url),
      train: members.train, test: members.test, excluded: members.excluded)
    try split.write(scheme.rawValue, in: folder.url)
    let coverage = SplitCoverage(
      of: members, dataset: dataset, scheme: scheme, lost: ConversionReport.lost(in: folder.url))
    return Splitting(split: split, coverage: coverage)
  }

  private static func excluded(of dataset: SkeletonDataset, _ recipe: JSONValue) -> Set<String> {
    if case .object(let settings) = recipe, settings["exclude"] == .string("none") { return [] }
    return Set(dataset.samplesWithMissingSkeletons)
  }

  /// The result in a few lines.
  public var summary: String {
    var line = "\(split.protocolName): \(split.train.count) train, \(split.test.count) test"
    if !split.excluded.isEmpty { line += ", \(split.excluded.count) excluded" }
    return line + "\n\(coverage)"
  }
}

extension ConversionReport {
  /// The names of the samples that a stored report says were dropped, in order; none if there is no report.
  static func lost(in folder: URL) -> [String] {
    struct Rows: Decodable { let files: [ReportRow] }
    guard let data = try? Data(contentsOf: folder.appendingPathComponent("report.json")),
      let rows = try? JSONDecoder().decode(Rows.self, from: data)
    else { return [] }
    return Set(rows.files.filter { $0.outcome == .dropped }.compactMap(\.sample)).sorted()
  }
}
