import Foundation
import Reporting
import Skeleton
import Training

/// A run as one HTML page without scripts or other files: what it is, its curves, and the results of evaluations.
///
/// The page depends on the files of the run and of the results alone.
public struct RunPage {
  let name: String
  let run: RunInspection
  private let log: LogTable
  private let results: [(name: String, result: EvaluationResult)]

  /// The page of a run.
  ///
  /// - Parameters:
  ///   - folder: the run's folder.
  ///   - results: folders with a `result.json`.
  /// - Throws: an `InputError` if one of them is no such folder.
  public init(_ folder: URL, results: [URL]) throws {
    name = folder.standardizedFileURL.lastPathComponent
    run = try RunInspection(RunFolder(folder))
    log = try LogTable(contentsOf: RunFolder(folder).csv)
    self.results = try results.map {
      ($0.standardizedFileURL.lastPathComponent, try EvaluationResult(contentsOf: $0))
    }
  }

  /// The page's text.
  public var html: String {
    """
    \(HTML.head(
      title: "\(name): pre-training", style: Self.style, generator: "skeltrain \(SkeletonVersion.current)",
      subject: subject))
    <body>
    <header><h1>\(HTML.escaped(name))</h1>
    <p>\(HTML.escaped(summary))</p>\(warnings)</header>
    <main>
    \(charts)</main>
    \(resultTable)<section><h2>Checkpoints</h2>
    \(checkpointTable)</section>
    <section><h2>Settings that are not the defaults</h2>
    <p class="settings">\(run.changes.map { "<code>\(HTML.escaped($0))</code>" }.joined(separator: " "))</p></section>
    <section><h2>Journal</h2>
    <pre>\(HTML.escaped(run.journal.joined(separator: "\n")))</pre></section>
    </body>
    </html>

    """
  }

  private var summary: String {
    var parts = ["epoch \(Int(run.last["epoch"] ?? 0)) of \(run.total_epochs), \(run.logged_steps) steps"]
    if let split = run.split { parts.append("learns from \(split)") }
    if let rate = run.rate {
      parts.append(
        String(
          format: "%.1f samples/s, %.1f %% of the time waiting for data", rate.samples_per_second,
          rate.wait_share * 100))
      if let left = rate.seconds_left, left > 0 { parts.append("about \(ProgressLine.duration(left)) left") }
    }
    return parts.joined(separator: " · ")
  }

  /// What has grown where it should fall.
  private var warnings: String {
    run.growth.suffix(4).map { "\n<p><strong>warning</strong>: \(HTML.escaped($0.description))</p>" }.joined()
  }

  private var charts: String {
    func curve(_ column: String) -> Curve { Curve(column, values: log.values(column) ?? []) }
    var charts = [accuracyChart, Chart(title: "loss", curves: [curve("loss")])]
    // The terms of a kind share their name up to the first underscore: nce_base, nce_mask.
    let terms = log.losses.filter { $0 != "loss" }
    let kinds = terms.map { String($0.prefix { $0 != "_" }) }
    let columns = Dictionary(grouping: zip(terms, kinds), by: \.1).mapValues { $0.map(\.0) }
    var seen: Set<String> = []
    for kind in kinds where seen.insert(kind).inserted {
      let columns = columns[kind] ?? []
      charts.append(Chart(title: "loss terms: \(kind)", curves: columns.map(curve)))
    }
    if !log.measures.isEmpty {
      charts.append(
        Chart(title: "answers to tasks that are right", curves: log.measures.map(curve), startsAtZero: true))
    }
    charts.append(Chart(title: "learning rate", curves: [curve("rate")], startsAtZero: true))
    charts.append(
      Chart(title: "samples per second", curves: [curve("samples_per_second")], startsAtZero: true))
    let (seconds, waits) = (log.values("seconds") ?? [], log.values("wait") ?? [])
    let shares = zip(seconds, waits).map { seconds, wait -> Double? in
      guard let seconds, let wait, seconds > 0 else { return nil }
      return 100 * wait / seconds
    }
    charts.append(
      Chart(
        title: "time spent waiting for data, percent", curves: [Curve("wait", values: shares)],
        startsAtZero: true))
    for index in charts.indices where charts[index].axis == "step" {
      charts[index].span = 1...Double(max(log.rows.count, 2))
    }
    return charts.map(\.html).joined()
  }

  /// The accuracy by epoch of the results that are of this run's checkpoints.
  private var accuracyChart: Chart {
    var dots: [String: [(x: Double, y: Double)]] = [:]
    for (_, result) in results {
      guard let epochs = epochs(of: result) else { continue }
      guard let top1 = result.measure("top1") else { continue }
      dots[result.task, default: []].append((Double(epochs), top1.value))
    }
    let epochs = log.values("epoch") ?? []
    let probed = zip(epochs, log.values("knn") ?? []).compactMap { epoch, knn -> (x: Double, y: Double)? in
      guard let epoch, let knn else { return nil }
      return (epoch, knn)
    }
    if !probed.isEmpty { dots["1-NN while training"] = probed }
    let curves = dots.sorted { $0.key < $1.key }.map { task, dots in
      Curve(task, dots: dots.sorted { $0.x < $1.x })
    }
    // One epoch is no course; its result stands in the table.
    let isCourse = Set(dots.values.joined().map(\.x)).count > 1
    return Chart(title: "top-1 accuracy, percent", curves: isCourse ? curves : [], axis: "epoch")
  }

  private func epochs(of result: EvaluationResult) -> Int? {
    guard result.checkpoints.count == 1 else { return nil }
    return run.checkpoints.first { $0.sha256 != nil && $0.sha256 == result.checkpoints[0].sha256 }?.epochs
  }

  private var resultTable: String {
    guard !results.isEmpty else { return "" }
    let rows = results.map { name, result in
      let epochs = epochs(of: result).map { "this run, epoch \($0)" } ?? result.checkpointNames
      let headline = result.headline
      let others = result.measures.dropFirst().map { "\($0.title) \($0.text)" }.joined(separator: ", ")
      return """
        <tr><th>\(HTML.escaped(name))</th><td>\(HTML.escaped(result.task))</td><td>\(HTML.escaped(epochs))</td>\
        <td>\(HTML.escaped(result.dataText))</td><td>\(HTML.escaped(result.splitText))</td><td>\(HTML.escaped(headline.title))</td>\
        <td class="number"><meter min="0" max="100" value="\(headline.value)"></meter> \(headline.text)</td>\
        <td>\(HTML.escaped(others))</td></tr>
        """
    }
    return """
      <section><h2>Results</h2>
      <table><thead><tr><th>result</th><th>task</th><th>checkpoint</th><th>data</th><th>split</th><th>measure</th>\
      <th class="number">%</th><th>others, %</th></tr></thead>
      <tbody>\(rows.joined(separator: "\n"))</tbody></table></section>

      """
  }

  private var checkpointTable: String {
    guard !run.checkpoints.isEmpty else { return "<p>none yet</p>" }
    let rows = run.checkpoints.map { file in
      let state =
        file.problem.map { "<strong>damaged</strong>: \(HTML.escaped($0))" }
        ?? (file.resumable ? "whole" : "whole, model only")
      return """
        <tr><th>\(HTML.escaped(file.file))</th><td class="number">\(file.epochs.map(String.init) ?? "?")</td>\
        <td class="number">\(file.steps.map(String.init) ?? "?")</td>\
        <td class="number">\(String(format: "%.1f", Double(file.bytes) / 1e6))</td><td>\(state)</td></tr>
        """
    }
    return """
      <table><thead><tr><th>file</th><th class="number">epochs</th><th class="number">step</th>\
      <th class="number">MB</th><th>state</th></tr></thead>
      <tbody>\(rows.joined(separator: "\n"))</tbody></table>
      """
  }
}
