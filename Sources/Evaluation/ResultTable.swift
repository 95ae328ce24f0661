import Foundation
import Reporting

/// The results of several evaluations side by side, and whether they can be compared.
public struct ResultTable: CustomStringConvertible, Encodable {
  private let results: [(name: String, result: EvaluationResult)]

  /// A table of results, each with what it is called.
  public init(_ results: [(name: String, result: EvaluationResult)]) { self.results = results }

  /// For programs: each result whole with its name, and the notes.
  public func encode(to encoder: any Encoder) throws {
    enum Key: String, CodingKey { case results, notes, verdicts, name, result }
    var container = encoder.container(keyedBy: Key.self)
    var list = container.nestedUnkeyedContainer(forKey: .results)
    for (name, result) in results {
      var item = list.nestedContainer(keyedBy: Key.self)
      try item.encode(name, forKey: .name)
      try item.encode(result, forKey: .result)
    }
    try container.encode(notes, forKey: .notes)
    try container.encode(verdicts, forKey: .verdicts)
  }

  /// The table, and what has to be known to read it.
  public var description: String {
    ([table] + notes.map { "note: \($0)" } + verdicts).joined(separator: "\n")
  }

  private var table: String {
    var titles: [String] = []
    for title in results.flatMap({ $0.result.measures.map(\.title) }) where !titles.contains(title) {
      titles.append(title)
    }
    let rows = results.map { name, result in
      [name, result.task, result.checkpointNames, result.dataText, result.splitText]
        + titles.map { title in result.measures.first { $0.title == title }?.text ?? "" }
    }
    let header = ["result", "task", "checkpoint", "data", "split"] + titles.map { "\($0) %" }
    return TextTable(header: header, rows: rows).description
  }

  /// Whether numbers are of the same samples, and what each result says of its data.
  var notes: [String] {
    var notes: [String] = []
    for (side, what) in [("test", "are measured on"), ("train", "learn from")] {
      let groups = groups(by: side)
      if groups.count > 1 {
        notes.append(
          "the results \(what) different data; numbers compare within a group: "
            + groups.map { $0.joined(separator: ", ") }.joined(separator: " | "))
      }
    }
    for (name, result) in results {
      if result.sides == nil {
        notes.append("\(name) is of an earlier version and does not say its profile and split")
      }
      notes += (result.notes ?? []).map { "\(name): \($0)" }
    }
    return notes
  }

  /// What training has added to what the untrained encoder already tells apart, a sentence for each pair of results that
  /// differ in that alone.
  var verdicts: [String] {
    let groups = groups(by: "test").map(Set.init)
    return results.flatMap { name, trained -> [String] in
      guard trained.checkpointNames != Self.untrained, let measure = trained.measures.first else { return [] }
      return results.compactMap { other, untrained in
        guard untrained.checkpointNames == Self.untrained, untrained.task == trained.task,
          groups.contains(where: { $0.contains(name) && $0.contains(other) }),
          let base = untrained.measures.first(where: { $0.title == measure.title })
        else { return nil }
        let gain = measure.value - base.value
        let change = String(format: "%.1f points", abs(gain))
        return "verdict: \(name): \(measure.title) \(measure.text) %, untrained \(base.text) %: training has "
          + (gain > 0 ? "added \(change)" : gain < 0 ? "taken \(change) away" : "changed nothing")
      }
    }
  }

  private static let untrained = "untrained"

  /// The names of results that have a side in common, in their order.
  private func groups(by side: String) -> [[String]] {
    var keys: [String] = []
    var groups: [[String]] = []
    for (name, result) in results {
      let lists = result.sides?[side].map { "\($0.split_sha256) \($0.part)" } ?? result.split
      let key = "\(result.data[side] ?? "") \(lists)"
      if let index = keys.firstIndex(of: key) {
        groups[index].append(name)
      } else {
        keys.append(key)
        groups.append([name])
      }
    }
    return groups
  }
}
