import Foundation
import Shards
import Skeleton

/// What became of an input file.
public struct ReportRow: Codable, Sendable, Equatable, CustomStringConvertible {
  /// The ways that it can go.
  public enum Outcome: String, Codable, CaseIterable, Sendable {
    /// It is in a shard as it was.
    case kept
    /// It is in a shard, and something of it was mended or left out.
    case repaired
    /// Another file of the same name has the same bytes, and is kept.
    case duplicate
    /// It should have been a sample and is not.
    case dropped
    /// An action of it should have been a sample and is not; the file itself has a row of its own.
    case droppedAction = "dropped-action"
    /// It is on the list of samples to leave out.
    case excluded
    /// Its name is of another data set.
    case skipped
    /// It is not a recording.
    case ignored
  }

  /// The file, from the input's own name on.
  public let file: String
  /// The sample's name, where the file has one.
  public let sample: String?
  /// What became of it.
  public let outcome: Outcome
  /// Why, as one word for totals: `truncated`, `no-body`.
  public let reason: String?
  /// What was mended or left out; nil if nothing was.
  public let repairs: [Repair]?
  /// The line of the file at which that shows, from 1.
  public let line: Int?
  /// The byte of the file at which that shows.
  public let byte: Int?
  /// Why, as a sentence.
  public let detail: String?
  /// What the coordinates of a recording of one's own counted: `millimetres`.
  public let unit: String?

  /// Describes a file's fate.
  init(
    _ file: String, sample: String? = nil, _ outcome: Outcome, reason: String? = nil,
    repairs: [Repair]? = nil, line: Int? = nil,
    byte: Int? = nil, detail: String? = nil, unit: String? = nil
  ) {
    self.file = file
    self.sample = sample
    self.outcome = outcome
    self.reason = reason
    self.repairs = repairs
    self.line = line
    self.byte = byte
    self.detail = detail
    self.unit = unit
  }

  /// The file, and why it went that way.
  public var description: String { ([file] + [detail ?? reason].compactMap(\.self)).joined(separator: ": ") }

  /// Whether somebody who wants every file untouched should look at it.
  public var isBad: Bool { outcome == .dropped || outcome == .droppedAction }
}

/// What was read and dropped, and why, file by file. `schemas/report.schema.json` describes its JSON.
public struct ConversionReport: Sendable, Equatable {
  /// The data set that was read as.
  public let dataset: String
  /// The digest of what was to be done: recipe, program, names and sizes of all files.
  public let plan: String
  /// All files, ordered by sample name and then by their own.
  public let rows: [ReportRow]

  init(dataset: String, plan: String, rows: [ReportRow]) {
    self.dataset = dataset
    self.plan = plan
    self.rows = rows.sorted {
      ($0.sample ?? "", $0.file, $0.line ?? 0) < ($1.sample ?? "", $1.file, $1.line ?? 0)
    }
  }

  /// How many files went each way.
  public var totals: [String: Int] { rows.totals }

  /// How many files were not simply kept, by reason; a file that was repaired counts for each of its repairs.
  public var reasons: [String: Int] { rows.reasons }

  /// The JSON text: a heading, then a line for each file, and the seal.
  func json() throws -> Data {
    struct Heading: Encodable {
      let format = "skeleton-report"
      let formatVersion = 1
      let dataset: String
      let plan: String
      let totals: [String: Int]
      let reasons: [String: Int]

      enum CodingKeys: String, CodingKey {
        case format, dataset, plan, totals, reasons
        case formatVersion = "format_version"
      }
    }
    var text = try JSON.line(Heading(dataset: dataset, plan: plan, totals: totals, reasons: reasons))
    text.removeLast()  // the closing brace: the files go before it
    text.append(contentsOf: Data(",\"files\":[".utf8))
    for (index, row) in rows.enumerated() {
      text.append(contentsOf: Data((index == 0 ? "\n" : ",\n").utf8))
      text.append(try JSON.line(row))
    }
    text.append(contentsOf: Data("\n]}\n".utf8))
    return JSONSeal.sealed(text)
  }

  /// The plan that a stored report was made for; nil if there is no readable report.
  static func plan(ofReportAt url: URL) -> String? {
    struct Heading: Decodable { let plan: String }
    guard let data = try? Disk.read(url) else { return nil }
    return try? JSONFile.decode(Heading.self, from: data).plan
  }
}

extension [ReportRow] {
  /// How many rows have each outcome.
  var totals: [String: Int] { reduce(into: [:]) { $0[$1.outcome.rawValue, default: 0] += 1 } }

  /// How often each reason and each repair occurs.
  var reasons: [String: Int] {
    reduce(into: [:]) { counts, row in
      if let reason = row.reason { counts[reason, default: 0] += 1 }
      for repair in row.repairs ?? [] { counts[repair.rawValue, default: 0] += 1 }
    }
  }
}
