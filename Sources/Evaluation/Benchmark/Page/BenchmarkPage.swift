import Foundation
import Reporting
import Skeleton

/// A benchmark as one HTML page without scripts or other files: the table, the figures, and where every number is from.
struct BenchmarkPage {
  let report: BenchmarkReport
  let times: BenchmarkTimes

  init(_ report: BenchmarkReport, _ times: BenchmarkTimes) { (self.report, self.times) = (report, times) }

  /// The page's text.
  var html: String {
    """
    \(HTML.head(
      title: report.title, style: RunPage.style + "\n" + Self.style, generator: "skeltrain \(SkeletonVersion.current)"))
    <body>
    <header><h1>\(HTML.escaped(report.title))</h1>
    <p>\(HTML.escaped(summary))</p></header>
    \(section("table", "Results", table + noteList + failureList))\
    \(section("curves", "Robustness", grid(curves)))\
    \(section("timelines", "Detection: what happens, and what was found", timelines))\
    \(section("classes", "Classes, percent", grid(classes)))\
    \(section("confusion", "What is taken for what", confusions))\
    \(section("maps", "Features of test samples", grid(maps)))\
    \(section("times", "Run times", timeTable))\
    \(section("recipes", "Where every number is from", recipes))\
    \(section("sources", "Published figures", sourceList))\
    </body>
    </html>

    """
  }

  private var summary: String {
    let tasks = Set(report.cells.map(\.task)).count
    let plain = report.checkpoints.count { !$0.sha256.isEmpty }
    func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
    var parts = [
      counted(plain, "checkpoint") + " and the untrained encoder, " + counted(tasks, "task") + ", "
        + counted(report.data.count, "data set")
    ]
    if !report.troubles.isEmpty {
      parts.append("\(report.troubles.count) of \(report.cells.count + report.maps.count) parts failed")
    }
    return parts.joined(separator: " · ")
  }

  /// A section that is left out where it has nothing to say.
  private func section(_ id: String, _ title: String, _ content: String) -> String {
    content.isEmpty ? "" : #"<section id="\#(id)"><h2>\#(title)</h2>"# + "\n\(content)</section>\n"
  }

  private func grid(_ figures: String) -> String {
    figures.isEmpty ? "" : #"<div class="figures">"# + "\n\(figures)</div>\n"
  }

  private var noteList: String {
    report.notes.map { #"<p class="note">\#(HTML.escaped($0))</p>"# + "\n" }.joined()
  }

  private var failureList: String {
    guard !report.troubles.isEmpty else { return "" }
    let items = report.troubles.map { title, reason in
      "<li><strong>\(HTML.escaped(title))</strong> <span>\(HTML.escaped(reason))</span></li>"
    }
    return #"<h3>Failed</h3><ul class="failed">"# + items.joined(separator: "\n") + "</ul>\n"
  }

  private var sourceList: String {
    let sources = report.publishedSources
    guard !sources.isEmpty else { return "" }
    let items = sources.enumerated().map { #"<li id="source-\#($0 + 1)">\#(HTML.escaped($1))</li>"# }
    return "<ol>" + items.joined(separator: "\n") + "</ol>\n"
  }

  /// The pairs of tasks and data in the order of the table, each with its cells by checkpoint.
  var groups: [(title: String, cells: [BenchmarkReport.Cell])] {
    var order: [[String]] = []
    for cell in report.cells where !order.contains([cell.task, cell.data]) {
      order.append([cell.task, cell.data])
    }
    return order.map { pair in
      ("\(pair[0]), \(pair[1])", report.cells.filter { $0.task == pair[0] && $0.data == pair[1] })
    }
  }
}
