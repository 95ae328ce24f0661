import Foundation
import Reporting

extension BenchmarkPage {
  /// The table of results: ours above, what is published below.
  var table: String {
    let columns = report.columns
    var groups: [(task: String, data: String, count: Int)] = []
    for column in columns {
      if let last = groups.last, last.task == column.task, last.data == column.data {
        groups[groups.count - 1].count += 1
      } else {
        groups.append((column.task, column.data, 1))
      }
    }
    let head = groups.map { group in
      #"<th class="group" colspan="\#(group.count)">\#(HTML.escaped(group.task))<small>\#(HTML.escaped(group.data))</small></th>"#
    }
    let titles = columns.map { #"<th class="number">\#(HTML.escaped($0.title))</th>"# }
    let ours = report.checkpoints.map { checkpoint in
      "<tr>" + rowHead(checkpoint.name, checkpoint.sha256.isEmpty ? "" : checkpoint.pretrained ?? "")
        + columns.map { number(checkpoint.name, $0) }.joined() + "</tr>"
    }
    let sources = report.publishedSources
    let published = report.publishedRows.map { row in
      "<tr>" + rowHead(row.method, row.pretrained, made: row.made)
        + row.figures.map { figure in
          guard let figure else { return #"<td class="number"></td>"# }
          let source = (sources.firstIndex(of: figure.source) ?? 0) + 1
          let mark = link("source-\(source)", "\(source)")
          return #"<td class="number">\#(BenchmarkReport.percent(figure.percent))<sup>\#(mark)</sup></td>"#
        }.joined() + "</tr>"
    }
    let divider =
      published.isEmpty
      ? ""
      : #"</tbody><tbody class="published"><tr><th class="divider" colspan="\#(columns.count + 2)">published</th></tr>"#
    return """
      <div class="wide"><table class="results"><thead><tr><th></th><th></th>\(head.joined())</tr>
      <tr><th>encoder</th><th>pre-trained on</th>\(titles.joined())</tr></thead>
      <tbody>\(ours.joined(separator: "\n"))
      \(divider)\(published.joined(separator: "\n"))</tbody></table></div>

      """
  }

  private func rowHead(_ name: String, _ pretrained: String, made: String? = nil) -> String {
    let made = made.map { " <small>\(HTML.escaped($0))</small>" } ?? ""
    return "<th>\(HTML.escaped(name))\(made)</th><td>\(HTML.escaped(pretrained))</td>"
  }

  /// A link to a place on the page; the text is HTML.
  private func link(_ place: String, _ text: String) -> String { "<a href=\"#\(place)\">\(text)</a>" }

  /// A number, which leads to where it is from.
  private func number(_ checkpoint: String, _ column: BenchmarkColumn) -> String {
    guard let cell = report.cell(checkpoint, column) else { return #"<td class="number">–</td>"# }
    if let failure = cell.failure {
      return #"<td class="number"><strong title="\#(HTML.escaped(failure))">failed</strong></td>"#
    }
    let style = report.isBest(checkpoint, column) ? "number best" : "number"
    let text = HTML.escaped(report.text(checkpoint, column))
    return #"<td class="\#(style)">\#(link(Self.id(cell), text))</td>"#
  }

  /// The anchor of what a cell's number is from.
  static func id(_ cell: BenchmarkReport.Cell) -> String { "cell-\(cell.key.prefix(16))" }

  /// How long everything took: a row for each checkpoint, a column for each task on each data set.
  var timeTable: String {
    let groups = groups
    guard !times.cells.isEmpty else { return "" }
    let rows = report.checkpoints.map { checkpoint in
      let cells = groups.map { group in
        group.cells.first { $0.checkpoint == checkpoint.name }.flatMap { times.cells[$0.key] }
      }
      let pretraining = checkpoint.sha256.isEmpty ? nil : times.pretraining[checkpoint.name]
      return "<tr><th>\(HTML.escaped(checkpoint.name))</th>"
        + ([pretraining] + cells).map { #"<td class="number">\#($0.map(Self.duration) ?? "–")</td>"# }
        .joined()
        + "</tr>"
    }
    let heads = (["pre-training"] + groups.map(\.title)).map {
      #"<th class="number">\#(HTML.escaped($0))</th>"#
    }.joined()
    return """
      <div class="wide"><table><thead><tr><th>encoder</th>\(heads)</tr></thead>
      <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>
      <p class="note">Wall-clock time of the run that measured the cell, on the machine that did.</p>

      """
  }

  private static func duration(_ seconds: Double) -> String {
    seconds < 10 ? String(format: "%.1f s", seconds) : ProgressLine.duration(seconds)
  }

  /// The settings, checkpoints and data of every number.
  var recipes: String {
    let pretraining = report.checkpoints.flatMap { checkpoint in
      checkpoint.recipes.enumerated().map { index, recipe in
        let digest = index < checkpoint.sha256.count ? checkpoint.sha256[index] : "not trained"
        let run = index < checkpoint.runs.count ? checkpoint.runs[index] : ""
        return details(
          "\(checkpoint.name): pre-training" + (run.isEmpty ? "" : ", \(run)"),
          [("SHA-256 of the checkpoint's arrays", digest)], recipe)
      }
    }
    let data = report.data.map { data in
      let facts = data.sha256.sorted { $0.key < $1.key }.map { ("SHA-256: \($0.key)", $0.value) }
      return details(
        "\(data.name): data",
        [
          ("converted as", "\(data.dataset), profile \(data.profile)"), ("split", data.split),
          ("samples", "\(data.samples["train"] ?? 0) training, \(data.samples["test"] ?? 0) test"),
        ] + facts + (data.failure.map { [("failed", $0)] } ?? []), nil)
    }
    let cells = report.cells.compactMap { cell -> String? in
      guard let result = cell.result else { return nil }
      let measures = result.measures.map { "\($0.title) \($0.text)" }.joined(separator: ", ")
      return details(
        "\(cell.task) on \(cell.data) with \(cell.checkpoint)",
        [
          ("measures, percent", measures), ("folder", "cells/\(cell.kind)-\(cell.key.prefix(16))"),
          (
            "samples",
            result.samples.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
          ),
        ], result.recipe, id: Self.id(cell))
    }
    return (data + pretraining + cells).joined()
  }

  private func details(
    _ title: String, _ facts: [(String, String)], _ recipe: String?, id: String? = nil
  ) -> String {
    let rows = facts.map {
      "<tr><th>\(HTML.escaped($0))</th><td>\(HTML.escaped($1))</td></tr>"
    }
    let anchor = id.map { " id=\"\($0)\"" } ?? ""
    return """
      <details><summary>\(HTML.escaped(title))</summary><div\(anchor)>\
      <table class="facts"><tbody>\(rows.joined())</tbody></table>\
      \(recipe.map { "<pre>\(HTML.escaped($0))</pre>" } ?? "")</div></details>

      """
  }
}
