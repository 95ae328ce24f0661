import Foundation
import Shards
import Skeleton

/// A run's log as it is read again: a number, or none, for each step and column.
public struct LogTable: Sendable {
  /// The columns' names; the first is the step, from 1.
  public let columns: [String]
  /// The rows, as many numbers each as there are columns.
  public let rows: [[Double?]]
  /// Where each column is.
  private let places: [String: Int]

  /// Reads `log.csv`; a last line that a kill has cut short is left out, and so is a number that is not finite, as
  /// earlier versions wrote for a step that their clock saw no time in.
  ///
  /// - Throws: an `InputError` if there is no log, or it is none.
  public init(contentsOf url: URL) throws {
    guard try Disk.isThere(url) else {
      throw InputError(url.path, found: "no log", hint: "give the folder of a run", kind: .noInput)
    }
    try self.init(Disk.read(url), file: url.path)
  }

  /// Reads the content of a `log.csv`.
  init(_ data: Data, file: String) throws {
    let lines = LogLines.whole(data).map { String(decoding: $0, as: UTF8.self) }
    columns = (lines.first ?? "").split(separator: ",").map(String.init)
    guard columns.first == "step", Set(columns).count == columns.count else {
      throw InputError(
        file, at: "line 1", found: "no log of a run", expected: "step,epoch,…, each at most once")
    }
    places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    rows = try lines.dropFirst().enumerated().map { [columns] index, line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = fields.map { $0.isEmpty ? nil : Double($0) }
      guard fields.count == columns.count, zip(fields, numbers).allSatisfy({ $0.isEmpty || $1 != nil }),
        zip(columns, numbers).allSatisfy({ Self.counts.contains($0) ? Self.isCount($1) : true })
      else {
        throw InputError(
          file, at: "line \(index + 2)", found: String(line.prefix(80)),
          expected: "\(columns.count) numbers, the step and the epoch whole ones")
      }
      return numbers.map { number in number.flatMap { Float($0).isFinite ? $0 : nil } }
    }
  }

  /// The numbers of a column; nil if there is no such column.
  public func values(_ column: String) -> [Double?]? {
    places[column].map { at in rows.map { $0[at] } }
  }

  /// The columns whose numbers depend on the recipe alone and are minimized, such as `loss` and its terms.
  public var losses: [String] { columns.filter { !Self.others.contains($0) && !Self.isMeasure($0) } }

  /// The columns of what is measured of tasks: `accuracy_view`, `chance_view`.
  public var measures: [String] { columns.filter(Self.isMeasure) }

  /// Whether a column is of something that is measured of a task.
  static func isMeasure(_ column: String) -> Bool {
    column.hasPrefix("accuracy_") || column.hasPrefix("chance_")
  }

  private static let counts: Set = ["step", "epoch"]

  private static func isCount(_ number: Double?) -> Bool { number.flatMap { UInt32(exactly: $0) } != nil }

  private static let others: Set = ["step", "epoch", "knn", "rate", "seconds", "wait", "samples_per_second"]

  /// The mean of each column over the steps of an epoch, from 1; columns without numbers there are left out.
  public func means(epoch: Int) -> [String: Double] {
    guard let epochs = values("epoch") else { return [:] }
    let chosen = zip(epochs, rows).filter { $0.0 == Double(epoch) }.map(\.1)
    return Dictionary(
      uniqueKeysWithValues: columns.enumerated().compactMap { at, name in
        let numbers = chosen.compactMap { $0[at] }
        return numbers.isEmpty ? nil : (name, numbers.reduce(0, +) / Double(numbers.count))
      })
  }
}
