import Foundation
import Shards
import Skeleton

/// A row of numbers for every step, as a CSV table, as a JSON object a line, and as an event for TensorBoard.
///
/// The losses come first and depend on the recipe alone; the columns from `seconds` on are measurements.
public struct TrainingLog {
  private let csv: AppendedFile
  private let jsonLines: AppendedFile
  private let events: EventFile
  private let columns: [String]

  /// Opens a run's logs, keeping the rows of the first `steps` steps.
  ///
  /// - Parameters:
  ///   - run: the run's folder, which exists.
  ///   - columns: the names of the numbers in a row; the first is the step, from 1.
  ///   - steps: rows to keep; a killed run may have logged steps that its checkpoint does not have.
  /// - Throws: an `InputError` if what is kept cannot be read or is damaged, before any of it is changed; if a log cannot
  ///   be written, or is a link to something else.
  public init(_ run: RunFolder, columns: [String], keeping steps: Int) throws {
    self.columns = columns
    // Everything is read before anything is changed.
    func old(_ url: URL) throws -> Data { try steps > 0 && Disk.isThere(url) ? Disk.read(url) : Data() }
    let (table, objects) = (try old(run.csv), try old(run.jsonLines))
    let rows = try LogLines.kept(
      table, steps: steps, file: run.csv.path, headings: 1, before: "", after: ",", end: "")
    let lines = try LogLines.kept(
      objects, steps: steps, file: run.jsonLines.path, headings: 0, before: "{\"step\":", after: ",", end: "}"
    )
    if !rows.isEmpty { _ = try LogTable(rows, file: run.csv.path) }
    let length = try EventFile.length(of: old(run.events), keeping: steps, file: run.events.path)
    csv = try Self.open(run.csv, rows, insteadOf: table)
    jsonLines = try Self.open(run.jsonLines, lines, insteadOf: objects)
    events = try EventFile(run, length: length)
    if rows.isEmpty { try csv.append(Self.line(columns.joined(separator: ","))) }
  }

  /// Opens a log to write on behind what is kept of it.
  private static func open(_ url: URL, _ kept: Data, insteadOf old: Data) throws -> AppendedFile {
    if kept.isEmpty || kept != old { try AtomicFile.write(kept, to: url) }
    return try AppendedFile(url)
  }

  /// Adds a row; nil stands for a number that the step does not have. One that is not finite is none, as JSON has it.
  public func add(_ values: [Double?]) throws {
    precondition(values.count == columns.count, "\(values.count) values for \(columns.count) columns")
    let values = values.map { value in value.flatMap { Float($0).isFinite ? $0 : nil } }
    let texts = values.map { $0.map(Self.text) }
    try csv.append(Self.line(texts.map { $0 ?? "" }.joined(separator: ",")))
    let pairs = zip(columns, texts).compactMap { name, text in text.map { "\"\(name)\":\($0)" } }
    try jsonLines.append(Self.line("{" + pairs.joined(separator: ",") + "}"))
    try events.add(
      step: Int((values.first ?? nil) ?? 0),
      zip(columns, values).dropFirst().compactMap { name, value in value.map { (Self.tag(name), $0) } })
  }

  /// Waits until all rows are on the disk, so that a checkpoint never has steps that the log lost with the power.
  public func synchronize() throws {
    try csv.synchronize()
    try jsonLines.synchronize()
    try events.synchronize()
  }

  /// A column as TensorBoard groups it: `loss/mse`, `speed/wait`.
  private static func tag(_ column: String) -> String {
    switch column {
    case "epoch", "rate": "schedule/\(column)"
    case "knn": "probe/knn"
    case "seconds", "wait", "samples_per_second": "speed/\(column)"
    default: LogTable.isMeasure(column) ? "task/\(column)" : "loss/\(column)"
    }
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(Float(value))
  }

  private static func line(_ text: String) -> Data { Data((text + "\n").utf8) }
}
