import Reporting

/// The results of several evaluations side by side, and whether they can be compared.
public struct ResultTable: CustomStringConvertible {
  private let results: [(name: String, result: EvaluationResult)]

  /// A table of results, each with what it is called.
  public init(_ results: [(name: String, result: EvaluationResult)]) { self.results = results }

  /// The table, and what has to be known to read it.
  public var description: String {
    ([table] + notes.map { "note: \($0)" }).joined(separator: "\n")
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
