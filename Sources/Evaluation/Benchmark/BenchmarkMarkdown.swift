import Foundation
import Reporting
import Skeleton

extension BenchmarkReport {
  /// The table in Markdown: a row for each checkpoint, then one for each published method, and the sources.
  public var markdown: String {
    let sources = publishedSources
    let header =
      ["", "pre-trained on"] + columns.map { Self.escaped("\($0.task), \($0.data): \($0.title)") }
    var rows = checkpoints.map { checkpoint in
      [checkpoint.name, checkpoint.sha256.isEmpty ? "–" : checkpoint.pretrained ?? ""].map(Self.escaped)
        + columns.map { column in
          let own = text(checkpoint.name, column)
          return isBest(checkpoint.name, column) ? "**\(own)**" : own
        }
    }
    rows += publishedRows.map { row in
      ["*\(Self.escaped(row.method))* (\(Self.escaped(row.made)))", Self.escaped(row.pretrained)]
        + row.figures.map { figure in
          figure.map { "*\(Self.percent($0.percent))* [\((sources.firstIndex(of: $0.source) ?? 0) + 1)]" }
            ?? ""
        }
    }
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let rule = "|---|---|" + String(repeating: "---:|", count: columns.count)
    var result =
      "# \(Self.escaped(title))\n\n" + ([line(header), rule] + rows.map(line)).joined(separator: "\n") + "\n"
    result += "\n" + notes.map { Self.escaped($0) + "\n" }.joined()
    if !sources.isEmpty {
      result += "\n" + sources.enumerated().map { "\($0 + 1). \(Self.escaped($1))\n" }.joined()
    }
    if !troubles.isEmpty {
      result += "\nFailed:\n\n"
      for (title, reason) in troubles {
        result += "- \(Self.escaped(title)): \(Self.escaped(reason))\n"
      }
    }
    return result
  }

  /// Text that stands as itself on a line of Markdown, in a table too: neither mark-up of its own nor HTML.
  static func escaped(_ text: String) -> String {
    text.replacing("\n", with: " ").visibleLine.unicodeScalars.reduce(into: "") { escaped, scalar in
      if "\\|<[*`".unicodeScalars.contains(scalar) { escaped += "\\" }
      escaped.unicodeScalars.append(scalar)
    }
  }

  /// What has to be known to read the table.
  var notes: [String] {
    var notes = [
      "Percent. Ours are after the last epoch, never the best one on the test side; bold is the best of ours."
    ]
    let spreads = Set(cells.compactMap { $0.result?.headline.spread?.kind })
    let words = [
      (EvaluationResult.Spread.Kind.deviation, "the standard deviation over seeds"),
      (.interval95, "half of the 95 % interval over episodes"),
    ].filter { spreads.contains($0.0) }.map(\.1)
    if !words.isEmpty { notes.append("± is " + words.joined(separator: ", or ") + ".") }
    if !published.isEmpty {
      notes.append(
        "Published figures stand below ours, each with the number of its source; in brackets year, backbone and stream."
      )
    }
    for note in Set(cells.flatMap { cell in (cell.result?.notes ?? []).map { "\(cell.data): \($0)" } })
      .sorted()
    {
      notes.append(note)
    }
    for one in data
    where one.isOther
      && publishedRows.contains(where: { row in
        zip(columns, row.figures).contains { $0.data == one.name && $1 != nil }
      })
    {
      let samples = "\(one.samples["train"] ?? 0) training and \(one.samples["test"] ?? 0) test samples"
      notes.append(
        "Published figures beside \(one.name) are of the whole of \(PublishedFigure.title(of: one.published ?? "")), "
          + "\(one.split); ours are of \(samples): they show where the field is, and cannot be compared.")
    }
    return notes
  }

  /// The sources of the published figures, in the order in which they appear.
  var publishedSources: [String] {
    var sources: [String] = []
    for figure in publishedRows.flatMap(\.figures).compactMap(\.self) where !sources.contains(figure.source) {
      sources.append(figure.source)
    }
    return sources
  }

  /// What stands in a checkpoint's cell of a column.
  func text(_ checkpoint: String, _ column: BenchmarkColumn) -> String {
    if let measure = measure(checkpoint, column) { return measure.text }
    return cell(checkpoint, column)?.failure == nil ? "–" : "failed"
  }

  /// Whether a checkpoint has the highest number of ours in a column, and not all have the same.
  func isBest(_ checkpoint: String, _ column: BenchmarkColumn) -> Bool {
    let values = checkpoints.compactMap { measure($0.name, column)?.value }
    guard let own = measure(checkpoint, column)?.value, let best = values.max(), let worst = values.min()
    else {
      return false
    }
    return own == best && worst < best
  }

  static func percent(_ value: Double) -> String { String(format: "%.1f", value) }
}

extension BenchmarkReport {
  /// Our rows of the table, for a terminal.
  public var textTable: String {
    let header = [""] + columns.map { "\($0.task) \($0.title)" }
    let rows = checkpoints.map { checkpoint in [checkpoint.name] + columns.map { text(checkpoint.name, $0) } }
    return TextTable(header: header, rows: rows).description
  }
}
