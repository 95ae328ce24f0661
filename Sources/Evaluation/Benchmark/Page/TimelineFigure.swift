/// A recording from left to right: what happens, and below it what each checkpoint found.
struct TimelineFigure {
  /// What is shown.
  var title: String
  /// The rows from above: a name, and actions in frames.
  var rows: [(name: String, actions: [TimedAction])]
  /// The classes that figures of one group show, in the order of their colours. From the ninth on the page's eight
  /// colours come again, with a broken outline.
  var classes: [Int]

  private static let width = 1000.0
  private static let left = 130.0
  private static let right = 992.0
  private static let row = 24.0

  /// The figure; empty where nothing happens.
  var html: String {
    let frames = rows.flatMap(\.actions).map(\.end).max() ?? 0
    guard frames > 0 else { return "" }
    let ticks = Chart.ticks(from: 0, to: Double(frames), about: 8).filter { $0 <= Double(frames) }
    func across(_ frame: Double) -> Double { Self.left + frame / Double(frames) * (Self.right - Self.left) }
    let bottom = 4 + Double(rows.count) * Self.row
    var svg = ""
    for tick in ticks {
      let x = Drawing.number(across(tick))
      svg += #"<line class="grid" x1="\#(x)" x2="\#(x)" y1="2" y2="\#(Drawing.number(bottom))"/>"#
      svg += Drawing.text(Chart.label(tick, ticks), x: across(tick), y: bottom + 14, kind: "mid")
    }
    for (index, one) in rows.enumerated() {
      let top = 4 + Double(index) * Self.row
      svg += Drawing.text(Self.shortened(one.name), x: Self.left - 8, y: top + 15, kind: "end")
      for action in one.actions {
        let (from, to) = (across(Double(action.start)), across(Double(action.end)))
        let name = EvaluationResult.className(action.label)
        let score = index == 0 ? "" : ", score \(Drawing.number(100 * action.score)) %"
        guard let place = classes.firstIndex(of: action.label) else {
          preconditionFailure("class \(action.label) has no colour among \(classes)")
        }
        let style = place / 8 % 2 == 0 ? "span" : "span again"
        svg += """
          <g class="\(Drawing.colour(place))"><rect class="\(style)" x="\(Drawing.number(from))" \
          y="\(Drawing.number(top + 1))" width="\(Drawing.number(max(to - from, 1)))" \
          height="\(Drawing.number(Self.row - 5))"><title>\(name), frames \(action.start) to \(action.end - 1)\(score)</title></rect>
          """
        if to - from > 26 {
          svg += Drawing.text("\(action.label + 1)", x: (from + to) / 2, y: top + 15, kind: "mid ink")
        }
        svg += "</g>"
      }
    }
    svg += Drawing.text("frame", x: Self.left - 8, y: bottom + 14, kind: "end")
    return Drawing.figure(title, width: Self.width, height: bottom + 18, svg, kind: "wide")
  }

  private static func shortened(_ name: String) -> String {
    name.count <= 19 ? name : String(name.prefix(18)) + "…"
  }
}
