import Foundation

/// Notices that a term of the loss grows where it should fall.
///
/// A term's start is the mean of its first ten values. It is told of when it has ten times that, and again whenever it is
/// ten times worse than when it was told of last.
public struct GrowthWatch: Sendable, Equatable {
  /// A term that has grown.
  public struct Growth: Codable, Sendable, Equatable, CustomStringConvertible {
    /// The log's column.
    public var term: String
    /// The step, from 1, that it had the value in.
    public var step: Int
    /// The value.
    public var value: Double
    /// The mean of its first ten values.
    public var start: Double

    /// `mse is 13 times what it was at the start: 1.62 in step 240, 0.125 in the mean of its first 10`
    public var description: String {
      let times = String(format: "%.*g", value < 1e4 * start ? 3 : 2, value / start)
      return "\(term) is \(times) times what it was at the start: "
        + String(format: "%.4g in step %d, %.4g in the mean of its first %d", value, step, start, first)
    }
  }

  /// What is remembered of a term.
  private struct Term: Sendable, Equatable {
    /// The sum of its first values.
    var sum = 0.0
    /// How many these are so far.
    var count = 0
    /// How many times its start it has to have to be told of.
    var limit = GrowthWatch.factor
  }

  /// Values that are a term's start.
  static let first = 10
  /// How many times its start a term is told of.
  static let factor = 10.0
  /// How many times its start a loss is beyond hope.
  static let hopeless = 1e6

  private var terms: [String: Term] = [:]
  /// Whether no term had ten times its start in the step that was seen last.
  public private(set) var isCalm = true

  /// A watch that has seen nothing.
  public init() {}

  /// Sees the terms of a step, and gives those that are to be told of, in their order.
  public mutating func add(step: Int, _ values: [(term: String, value: Double)]) -> [Growth] {
    isCalm = true
    return values.compactMap { name, value in
      var term = terms[name] ?? Term()
      defer { terms[name] = term }
      guard term.count == Self.first else {
        term.sum += value
        term.count += 1
        return nil
      }
      let start = term.sum / Double(Self.first)
      guard start > 0, value > Self.factor * start else { return nil }
      isCalm = false
      guard value > term.limit * start else { return nil }
      term.limit = 10 * value / start
      return Growth(term: name, step: step, value: value, start: start)
    }
  }

  /// Whether a value of a term is beyond hope.
  func isHopeless(_ name: String, _ value: Double) -> Bool {
    guard let term = terms[name], term.count == Self.first, term.sum > 0 else { return false }
    return value > Self.hopeless * term.sum / Double(Self.first)
  }

  /// The watch as a text of a checkpoint: `loss 182.4 10 10.0;mse 1.25 10 130.0`.
  var text: String {
    // A Double's description is read back as the same one.
    terms.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.sum) \($0.value.count) \($0.value.limit)" }
      .joined(separator: ";")
  }

  /// The watch that has such a text; one that has seen nothing where it is none, as an earlier version's.
  init(text: String?, isCalm: Bool) {
    var terms: [String: Term] = [:]
    for part in (text ?? "").split(separator: ";") {
      let fields = part.split(separator: " ")
      guard fields.count == 4, let sum = Double(fields[1]), let count = Int(fields[2]),
        let limit = Double(fields[3]), sum.isFinite, limit >= Self.factor, (0...Self.first).contains(count)
      else { return }
      terms[String(fields[0])] = Term(sum: sum, count: count, limit: limit)
    }
    (self.terms, self.isCalm) = (terms, isCalm)
  }
}

extension LogTable {
  /// What a watch would have told of in the steps of the log.
  public var growths: [GrowthWatch.Growth] {
    var watch = GrowthWatch()
    let watched = columns.indices.filter { losses.contains(columns[$0]) }
    return rows.flatMap { row in
      let values = watched.compactMap { at in row[at].map { (term: columns[at], value: $0) } }
      return watch.add(step: Int(row.first.flatMap { $0 } ?? 0), values)
    }
  }
}
