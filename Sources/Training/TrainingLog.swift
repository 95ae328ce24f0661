import Foundation
import Skeleton

/// A row of numbers for every step, as a CSV table, as a JSON object a line, and as an event for TensorBoard.
///
/// The losses come first and depend on the recipe alone; the columns from `seconds` on are measurements.
public struct TrainingLog {
  private let csv: FileHandle
  private let jsonLines: FileHandle
  private let events: EventFile
  private let columns: [String]

  /// Opens a run's logs, keeping the rows of the first `steps` steps.
  ///
  /// - Parameters:
  ///   - run: the run's folder, which exists.
  ///   - columns: the names of the numbers in a row; the first is the step, from 1.
  ///   - steps: rows to keep; a killed run may have logged steps that its checkpoint does not have.
  public init(_ run: RunFolder, columns: [String], keeping steps: Int) throws {
    self.columns = columns
    csv = try Self.open(run.csv, keeping: steps == 0 ? 0 : steps + 1)
    jsonLines = try Self.open(run.jsonLines, keeping: steps)
    events = try EventFile(run, keeping: steps)
    if steps == 0 { try write(columns.joined(separator: ","), to: csv) }
  }

  private static func open(_ url: URL, keeping lines: Int) throws -> FileHandle {
    let old = lines == 0 ? "" : (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    let kept = old.split(separator: "\n").prefix(lines).map { $0 + "\n" }.joined()
    do {
      try Data(kept.utf8).write(to: url, options: .atomic)
      let file = try FileHandle(forWritingTo: url)
      try file.seekToEnd()
      return file
    } catch {
      throw InputError(
        url.path, found: "the log cannot be written: \(error.localizedDescription)", kind: .inputOutput)
    }
  }

  /// Adds a row; nil stands for a number that the step does not have. One that is not finite is none, as JSON has it.
  public func add(_ values: [Double?]) throws {
    precondition(values.count == columns.count, "\(values.count) values for \(columns.count) columns")
    let values = values.map { value in value.flatMap { Float($0).isFinite ? $0 : nil } }
    let texts = values.map { $0.map(Self.text) }
    try write(texts.map { $0 ?? "" }.joined(separator: ","), to: csv)
    let pairs = zip(columns, texts).compactMap { name, text in text.map { "\"\(name)\":\($0)" } }
    try write("{" + pairs.joined(separator: ",") + "}", to: jsonLines)
    try events.add(
      step: Int((values.first ?? nil) ?? 0),
      zip(columns, values).dropFirst().compactMap { name, value in value.map { (Self.tag(name), $0) } })
  }

  /// Waits until all rows are on the disk, so that a checkpoint never has steps that the log lost with the power.
  public func synchronize() throws {
    do {
      try csv.synchronize()
      try jsonLines.synchronize()
      try events.synchronize()
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError(
        "log", found: "cannot be written: \(error.localizedDescription)",
        hint: "make space and run again with --resume", kind: .inputOutput)
    }
  }

  /// A column as TensorBoard groups it: `loss/mse`, `speed/wait`.
  private static func tag(_ column: String) -> String {
    switch column {
    case "epoch", "rate": "schedule/\(column)"
    case "knn": "probe/knn"
    case "seconds", "wait", "samples_per_second": "speed/\(column)"
    default: "loss/\(column)"
    }
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(Float(value))
  }

  private func write(_ line: String, to file: FileHandle) throws {
    do { try file.write(contentsOf: Data((line + "\n").utf8)) } catch {
      throw InputError(
        "log", found: "cannot be written: \(error.localizedDescription)",
        hint: "make space and run again with --resume",
        kind: .inputOutput)
    }
  }
}
