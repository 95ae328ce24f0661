import Reporting

/// A percentage of each class, as bars: one for each checkpoint.
struct ClassBars {
  /// What is shown.
  var title: String
  /// The checkpoints, each with the percentages of classes by their names.
  var series: [(name: String, percents: [String: Double])]

  /// What a class is called, where that is not its number.
  var names: [String: String] = [:]

  private static let width = 420.0
  private static let left = 44.0
  private static let right = 396.0
  private static let thickness = 6.0

  /// A class as its row has room for it.
  private func shown(_ name: String) -> String {
    guard let own = names[name], !own.hasPrefix(name) else { return name }
    return own.count <= 7 ? own : String(own.prefix(6)) + "…"
  }

  /// The figure; empty where there is no class.
  var html: String {
    let classes = Set(series.flatMap(\.percents.keys)).sorted()
    guard !classes.isEmpty else { return "" }
    let group = Double(series.count) * Self.thickness + 6
    let bottom = 6 + Double(classes.count) * group
    var svg = ""
    for percent in stride(from: 0, through: 100, by: 25) {
      let x = Drawing.number(Self.left + Double(percent) / 100 * (Self.right - Self.left))
      svg += #"<line class="grid" x1="\#(x)" x2="\#(x)" y1="2" y2="\#(Drawing.number(bottom))"/>"#
      svg += Drawing.text(
        "\(percent)", x: Self.left + Double(percent) / 100 * (Self.right - Self.left), y: bottom + 15,
        kind: "mid")
    }
    for (row, name) in classes.enumerated() {
      let top = 6 + Double(row) * group
      svg += Drawing.text(shown(name), x: Self.left - 6, y: top + (group - 6) / 2 + 4, kind: "end")
      for (index, one) in series.enumerated() {
        guard let percent = one.percents[name] else { continue }
        let hover = "\(one.name), \(names[name] ?? name): \(Drawing.number(percent)) %"
        svg += """
          <rect class="\(Drawing.colour(index))" x="\(Drawing.number(Self.left))" \
          y="\(Drawing.number(top + Double(index) * Self.thickness))" \
          width="\(Drawing.number(max(percent / 100 * (Self.right - Self.left), 0.5)))" \
          height="\(Drawing.number(Self.thickness - 1))"><title>\(HTML.escaped(hover))</title></rect>
          """
      }
    }
    return Drawing.figure(
      title, width: Self.width, height: bottom + 20, svg, below: Drawing.legend(series.map(\.name)))
  }
}
