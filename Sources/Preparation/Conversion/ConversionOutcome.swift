import Shards
import Skeleton

/// What a conversion made.
public struct ConversionOutcome: Sendable {
  /// The data set's table of contents.
  public let manifest: Manifest
  /// What became of each input; nil if all had been done before.
  public let report: ConversionReport?

  /// The result for programs.
  public struct Counts: Encodable, Sendable {
    let samples: Int
    let frames: Int
    let shards: Int
    let was_done: Bool
    let files: [String: Int]?
    let reasons: [String: Int]?
  }

  /// The result as numbers: samples, frames and shards, and where something was done, files by what became of them and
  /// why.
  public var counts: Counts {
    Counts(
      samples: manifest.sampleCount, frames: manifest.frameCount, shards: manifest.shards.count,
      was_done: wasDone, files: report?.totals, reasons: report?.reasons)
  }

  /// Whether nothing was done, as it had been done before.
  public var wasDone: Bool { report == nil }

  /// Whether a file was dropped that should have been a sample.
  public var hasBadFiles: Bool { report?.rows.contains(where: \.isBad) ?? false }

  /// The result in a few lines.
  public var summary: String {
    let samples = manifest.shards.reduce(0) { $0 + $1.samples }
    let frames = manifest.shards.reduce(0) { $0 + $1.frames }
    let size = "\(samples) samples, \(frames) frames, \(manifest.shards.count) shards"
    guard let report else { return "nothing to do: \(size) are there already" }
    let totals = report.totals
    let counts = ReportRow.Outcome.allCases.compactMap { outcome in
      totals[outcome.rawValue].map { "\(outcome.rawValue) \($0)" }
    }
    let reasons = report.reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let units = Dictionary(grouping: report.rows.compactMap(\.unit), by: \.self).sorted { $0.key < $1.key }
    let unitText = units.map { "\($0.key) in \($0.value.count)" }.joined(separator: ", ")
    return
      ([size, "files: " + counts.joined(separator: ", ")]
      + (units.isEmpty ? [] : ["coordinates: " + unitText])
      + (reasons.isEmpty ? [] : ["reasons: " + reasons.joined(separator: ", ")])).joined(separator: "\n")
  }
}
