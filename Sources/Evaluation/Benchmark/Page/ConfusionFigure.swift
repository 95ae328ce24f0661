import Reporting

/// A confusion matrix as a figure: the darker a square, the larger its share of the true class's samples.
struct ConfusionFigure {
  /// What is shown.
  var title: String
  /// `counts[a][b]`: samples of class a that were taken for class b, (C, C).
  var counts: [[Int]]
  /// A class as rows have room for it, and as hovering tells it.
  var name: (Int) -> (short: String, long: String) = {
    (EvaluationResult.className($0), EvaluationResult.className($0))
  }

  /// The most classes whose numbers are written into the squares.
  private static let mostWithNumbers = 20
  private static let size = 380.0
  private static let shortestName = 4
  private static let longestName = 16
  private static let top = 22.0

  /// The figure; empty where nothing was counted.
  var html: String {
    let used = counts.indices.filter { row in
      counts[row].contains { $0 > 0 } || counts.contains { row < $0.count && $0[row] > 0 }
    }
    guard !used.isEmpty else { return "" }
    let longest = used.map { name($0).short.count }.max() ?? 0
    let letters = min(max(longest, Self.shortestName), Self.longestName)
    let left = 12 + 7 * Double(letters)
    let step = (Self.size - left) / Double(used.count)
    let hasNumbers = used.count <= Self.mostWithNumbers
    let every = max(1, (used.count + 19) / 20)
    var svg = ""
    for (y, row) in used.enumerated() {
      let total = counts[row].reduce(0, +)
      if y % every == 0 {
        svg += Drawing.text(
          Self.cut(name(row).short, to: letters), x: left - 5, y: Self.top + (Double(y) + 0.5) * step + 4,
          kind: "end")
      }
      for (x, column) in used.enumerated() where counts[row][column] > 0 {
        let count = counts[row][column]
        let share = Double(count) / Double(total)
        let place = (left + Double(x) * step, Self.top + Double(y) * step)
        let names = HTML.escaped("\(name(row).long) taken for \(name(column).long)")
        let hover = hasNumbers ? "<title>\(names): \(count) of \(total)</title>" : ""
        svg += """
          <rect class="\(row == column ? "c0" : "c1")" x="\(Drawing.number(place.0))" y="\(Drawing.number(place.1))" \
          width="\(Drawing.number(step - 0.6))" height="\(Drawing.number(step - 0.6))" \
          fill-opacity="\(Drawing.number(100 * (0.1 + 0.9 * share)))%">\(hover)</rect>
          """
        if hasNumbers {
          svg += Drawing.text(
            "\(count)", x: place.0 + step / 2, y: place.1 + step / 2 + 4,
            kind: share > 0.5 ? "mid on" : "mid ink")
        }
      }
    }
    // Columns have room for a number, not for a name.
    for (x, column) in used.enumerated() where x % every == 0 {
      svg += Drawing.text(
        "\(column + 1)", x: left + (Double(x) + 0.5) * step, y: Self.top - 7, kind: "mid")
    }
    return Drawing.figure(
      title, width: Self.size, height: Self.top + Self.size - left, svg,
      below: #"<p class="note">rows: true class, columns: taken for</p>"#, kind: "square")
  }

  private static func cut(_ name: String, to letters: Int) -> String {
    name.count <= letters ? name : String(name.prefix(letters - 1)) + "…"
  }
}
